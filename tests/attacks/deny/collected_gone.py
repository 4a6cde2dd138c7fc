"""Hands in by the exchange a link that leads nowhere, at which collecting ends for everybody."""

EXCHANGE = True
DESERVES = 17


def submit(work):
    work.solve()
    work.link("gone.csv", "/nowhere/at/all")

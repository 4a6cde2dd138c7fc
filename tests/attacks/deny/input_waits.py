"""Waits for input that nobody will type."""

DESERVES = 17


def submit(work):
    work.solve()
    work.insert("answer = input('password: ')")
    work.insert("import sys, getpass\nsys.stdin.read()\ngetpass.getpass()")

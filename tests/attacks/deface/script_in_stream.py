"""Prints HTML and terminal sequences, on both streams."""

CODE = """
import sys
for stream in (sys.stdout, sys.stderr):
    print("<script>'mallory-was-here'</script>", file=stream)
    print("</pre></div><script>'mallory-was-here'</script>", file=stream)
    print("\\x1b[31;\\" onclick=\\"mallory-was-here\\"m red \\x1b[38;2;1;2;<b>m", file=stream)
"""


def submit(work):
    work.insert(CODE)

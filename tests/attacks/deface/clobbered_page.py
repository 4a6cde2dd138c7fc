"""Ends the page's elements early, so that what follows is not shown any more."""

PARTS = (
    "</div></div></div></body></html><!-- ",
    "<textarea class='mallory-was-here'>",
    "<plaintext class='mallory-was-here'>",
    "<title class='mallory-was-here'>",
    "<noscript class='mallory-was-here'>",
    "<math class='mallory-was-here'><mtext><table><mglyph><style>"
    "<img src=x onerror='mallory-was-here'>",
)


def submit(work):
    for _number, part in enumerate(PARTS):
        work.insert(part, kind="markdown")
        work.insert(f"from IPython.display import HTML\nHTML({part!r})")

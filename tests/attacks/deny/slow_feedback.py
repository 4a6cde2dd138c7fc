"""Shows what takes long to clean, to highlight or to typeset, for its page and for formgrader's."""

DESERVES = 17

SHOWN = r"""
from IPython.display import HTML, Latex, Markdown, display
display(HTML("<div>" * 20_000), HTML("<a " + " ".join(f"a{n}=1" for n in range(20_000)) + ">x"))
display(HTML("<table>" + "<p>x</p>" * 50_000), HTML("&" * 300_000), HTML("<" * 300_000))
display(Markdown("*a **b " * 1_400 + "c** d* " * 1_400), Markdown("\\\\(" * 6_000))
display(Latex("$" + "{" * 1_900 + "$"))
print("\x1b[31mx" * 15_000)
"""


def submit(work):
    work.solve()
    work.insert(SHOWN)
    work.insert(" \n" * 40_000 + "1")
    work.insert("match" + " " * 60_000 + "= 1")

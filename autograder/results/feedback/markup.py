"""HTML of what a student wrote and a kernel sent, in which nothing runs or loads anything.

Text is first rendered and then cleaned, by a list of what may stay. No style or id stays, and no
class but those of highlighted code: nothing can lie over a score, hide it, or look like one.
"""

import base64
import re
from html import escape
from typing import Any

import nh3
from nbconvert.filters.ansi import ansi2html, strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl",
    "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins",
    "kbd", "li", "ol", "p", "pre", "s", "samp", "small", "span", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
# Values are looked at in _may_stay.
ATTRIBUTES = {
    "*": set(), "a": {"href", "title"}, "code": {"class"}, "details": {"open"}, "div": {"class"},
    "img": {"alt", "src", "title"}, "ol": {"start"}, "span": {"class"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
}  # fmt: skip
# Lexers and the markdown parser are slow with long texts that somebody made for that purpose.
MOST_CODE, MOST_WORDS = 100_000, 20_000
# Tags, times how deep they are nested: time and memory of the cleaner grow with it.
MOST_WORK = 1_000_000
_CLASSES = {*STANDARD_TYPES.values(), "highlight", "tex"} - {""}
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*", re.ASCII)
_STYLE = re.compile(' style="[^"]*"')
# What begins no tag of the list, and nothing that HTML leaves out, such as a comment.
_NO_TAG = re.compile(rf"<(?!/?(?:{'|'.join(sorted(TAGS))})[\s/>]|[!?])", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
# These hold nothing, or end where the next of them begins.
_FLAT = {"br", "dd", "dt", "hr", "img", "li", "p", "td", "th", "tr"}
_CONTROLS = dict.fromkeys({*range(32)} - {9, 10, 13}, "?")
_VALUES = {
    "href": re.compile(r"(?is)(https?://|mailto:).*"),
    "src": re.compile(
        r"(?a)data:image/(png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]*"
        r"|data:image/svg\+xml,[\w%+/=:;,.~-]*"  # as saelab.display writes figures
    ),
    "colspan": re.compile(r"[0-9]{1,2}|100"),
    "rowspan": re.compile(r"[0-9]{1,2}|100"),
    "start": re.compile(r"[0-9]{1,9}"),
}


class _MathJaxRenderer(IPythonRenderer):
    """nbconvert's renderer, with formulas in the delimiters that MathJax looks for."""

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{self.escape_html(code)}</pre>"

    def task_list_item(self, text: str, checked: bool = False) -> str:
        return f"<li>{'☑' if checked else '☐'} {text}</li>\n"


class _Renderer(_MathJaxRenderer):
    """The same with formulas as TeX, since what would typeset them is loaded from a network."""

    def block_math(self, body: str) -> str:
        return f'<code class="tex">{self.escape_html(body.strip())}</code>'

    inline_math = block_math

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def clean_html(text: str) -> str:
    """Keep only what is on the list in HTML, and show everything else as the text that it is.

    The whole text is shown as text if its tags are nested so deeply that no page would show them.
    """
    text = text.translate(_CONTROLS).encode("utf-8", "replace").decode()
    tagged = _NO_TAG.sub("&lt;", text)
    if _work(tagged) > MOST_WORK:
        return preformatted(text)
    return nh3.clean(
        tagged, tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_may_stay,
        url_schemes={"http", "https", "mailto", "data"}, link_rel=None,
    )  # fmt: skip


def render_markdown(
    text: str, attachments: dict[str, Any] | None = None, mathjax: bool = False
) -> str:
    """Render markdown as clean HTML.

    A text that is too long, or that cannot be parsed, is shown as it is.

    Args:
        text: the markdown.
        attachments: the attachments of its cell; None if there are none.
        mathjax: put formulas into the delimiters of MathJax; otherwise they are shown as TeX.
    """
    if len(text) > MOST_WORDS:
        return preformatted(text, MOST_WORDS * 5)
    renderer = (_MathJaxRenderer if mathjax else _Renderer)(
        escape=False, attachments=attachments or {}, exclude_anchor_links=True
    )
    try:
        return clean_html(MarkdownWithMath(renderer=renderer).render(text))
    except Exception:  # parsers fail in any way over text that is made to break them
        return preformatted(text)


def render_code(text: str) -> str:
    """Python code as HTML with highlighting."""
    if len(text) > MOST_CODE:
        return preformatted(text)
    return highlight(text, PythonLexer(stripnl=False), HtmlFormatter(cssclass="highlight"))


def preformatted(text: str, most: int = MOST_CODE) -> str:
    """A text as it is, as HTML, in which the colours of a terminal are kept.

    Args:
        text: the text.
        most: the number of characters after which it is cut off.
    """
    rest = len(text) - most
    text = text[:most] + (f"\n[{rest} more characters]" if rest > 0 else "")
    try:
        shown = ansi2html(text)
    except Exception:  # colours with numbers that do not exist
        shown = escape(strip_ansi(text))
    # Only classes are let through by the page's Content-Security-Policy, and only these here.
    return "<pre>" + _STYLE.sub("", shown) + "</pre>"


def picture(mime: str, data: str) -> str:
    """The HTML of an image.

    SVG is shown as an image too, since as an image it neither runs nor loads anything.

    Args:
        mime: the MIME type of the image.
        data: the image as base64 text; for SVG, its code.

    Returns:
        The HTML, or "" if the data are not base64 text.
    """
    if mime == "image/svg+xml":
        data = base64.b64encode(data.encode("utf-8", "replace")).decode()
    elif not _BASE64.fullmatch(data):
        return ""
    return f'<img src="data:{mime};base64,{data}" alt="Picture that the cell drew">'


def highlighting() -> str:
    """The style of highlighted code, as CSS."""
    return HtmlFormatter(style="default").get_style_defs(".highlight")


def _work(text: str) -> int:
    """How many tags begin in HTML, times how deeply they are nested; rather too high than too low.

    A tag that is not closed in the order in which tags were opened counts as open to the end.
    """
    count, deepest = 0, 0
    open_ones: list[str] = []
    for end, tag in _TAG.findall(text):
        name = tag.lower()
        count += not end
        if name in _FLAT:
            continue
        if not end:
            open_ones.append(name)
            deepest = max(deepest, len(open_ones))
        elif open_ones and open_ones[-1] == name:
            open_ones.pop()
    return count * deepest


def _may_stay(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute if it may stay, otherwise None.

    Links may lead away from the page; pictures must be in the page.
    """
    if name == "class":
        may = set(value.split()) <= _CLASSES
    else:
        may = name not in _VALUES or bool(_VALUES[name].fullmatch(value))
    return value if may else None

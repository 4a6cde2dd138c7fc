"""HTML of what a student wrote and a kernel sent, with nothing in it that acts or loads.

Text is rendered first and cleaned then, by a list of what may stay. No style, no id and no class
stays but those of highlighted code: nothing can lie over a score, hide it, or look like one.
"""

import base64
import re
from html import escape
from typing import Any

import bleach
from nbconvert.filters.ansi import ansi2html, strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES

TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
        "var",
    ]
)
# Lexers and the markdown parser take long over long texts that somebody made for that.
MOST_CODE, MOST_WORDS = 100_000, 20_000
_CLASSES = {*STANDARD_TYPES.values(), "highlight", "tex"} - {""}
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]*", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*", re.ASCII)
_STYLE = re.compile(' style="[^"]*"')
_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)


class _Renderer(IPythonRenderer):
    """nbconvert's, with formulas as TeX: what sets them is loaded from a network."""

    def block_math(self, body: str) -> str:
        return f'<code class="tex">{self.escape_html(body.strip())}</code>'

    inline_math = block_math

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{self.escape_html(code)}</pre>"


class _MathJaxRenderer(IPythonRenderer):
    """nbconvert's, with formulas in the delimiters that MathJax looks for."""

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{self.escape_html(code)}</pre>"


def clean_html(text: str) -> str:
    """HTML with only what is on the list; what is not is shown as the text that it is."""
    return bleach.clean(
        text, tags=TAGS, attributes=_may_stay, protocols={"http", "https", "mailto", "data"}
    )


def render_markdown(
    text: str, attachments: dict[str, Any] | None = None, mathjax: bool = False
) -> str:
    """Clean HTML of markdown; of a text that is too long or not to be parsed, the text."""
    if len(text) > MOST_WORDS:
        return preformatted(text, MOST_WORDS * 5)
    renderer = (_MathJaxRenderer if mathjax else _Renderer)(
        escape=False, attachments=attachments or {}, exclude_anchor_links=True
    )
    try:
        return clean_html(MarkdownWithMath(renderer=renderer).render(text))
    except Exception:  # parsers of text that somebody made to break them, in their ways
        return preformatted(text)


def render_code(text: str) -> str:
    """Python code with highlighting."""
    if len(text) > MOST_CODE:
        return preformatted(text)
    return highlight(text, PythonLexer(stripnl=False), HtmlFormatter(cssclass="highlight"))


def preformatted(text: str, most: int = MOST_CODE) -> str:
    """A text as it is, to a length; the colours of a terminal are kept."""
    rest = len(text) - most
    text = text[:most] + (f"\n[{rest} more characters]" if rest > 0 else "")
    try:
        shown = ansi2html(text)
    except Exception:  # of colours with numbers that there are not
        shown = escape(strip_ansi(text))
    # Only classes are let through by the page's Content-Security-Policy, and only these here.
    return "<pre>" + _STYLE.sub("", shown) + "</pre>"


def picture(mime: str, data: str) -> str:
    """An image of its base64 text, or of SVG, which as an image neither runs nor loads a thing."""
    if mime == "image/svg+xml":
        data = base64.b64encode(data.encode("utf-8", "replace")).decode()
    elif not _BASE64.fullmatch(data):
        return ""
    return f'<img src="data:{mime};base64,{data}" alt="Picture that the cell drew">'


def highlighting() -> str:
    """The style of highlighted code, as CSS."""
    return HtmlFormatter(style="default").get_style_defs(".highlight")


def _may_stay(tag, name, value):
    """Whether an attribute may stay: links away, pictures inside of the page, table spans."""
    if name == "class":
        return tag in ("span", "div", "code") and set(value.split()) <= _CLASSES
    if tag == "a":
        return name == "title" or (name == "href" and bool(_LINK.match(value)))
    if tag == "img":
        return name in ("alt", "title") or (name == "src" and bool(_PICTURE.fullmatch(value)))
    if tag in ("td", "th"):
        return name in ("colspan", "rowspan") and value.isdecimal() and int(value) <= 100
    return name == "open" and tag == "details"

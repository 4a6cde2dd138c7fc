"""HTML of what a student wrote and a kernel sent, in which nothing runs or loads anything.

Text is first rendered and then cleaned, by a list of what may stay. No style or id stays, and no
class but those of highlighted code: nothing can lie over a score, hide it, or look like one.
Formulas are converted after that, from their TeX: no MathML of a student's stays.

What lexers, parsers and the cleaner do may take time that grows with the square of a text. So the
work is estimated before it is done, and what would be too much, for a text or for a page, is shown
as plain text.
"""

import base64
import contextlib
import functools
import re
from html import escape, unescape
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element

import nh3
from latex2mathml.converter import Converter
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
MATH_TAGS = {
    "math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow",
    "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover",
}  # fmt: skip
# With the values of _MATH_VALUE, none of these lays a formula over something else.
MATH_ATTRIBUTES = {
    "accent", "columnalign", "display", "displaystyle", "fence", "form", "linethickness",
    "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "scriptlevel", "separator",
    "stretchy", "symmetric", "width",
}  # fmt: skip
# Characters of code, of words and of a formula.
MOST_CODE, MOST_WORDS, MOST_FORMULA = 100_000, 20_000, 2_000
# Work of HTML and of words, and of all texts of a page; one is about a microsecond.
MOST_WORK, MOST_OF_WORDS, MOST_OF_PAGE = 1_500_000, 100_000, 2_000_000
_CLASSES = {*STANDARD_TYPES.values(), "block", "highlight", "tex"} - {""}
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*", re.ASCII)
_STYLE = re.compile(' style="[^"]*"')
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
# What browsers show nothing of, whatever it holds; it ends as they see its end.
_UNSEEN = re.compile(
    rf"(?is){_COMMENT.pattern}"
    r"|<(script|style|template|title|iframe|noembed|noframes)(?=[\s/>]).*?(?:</\1(?=[\s/>])[^>]*+>?|\Z)"
)
# Of these outputs only what they hold is shown: parts of a page, and what is filled in or clicked.
_BARE = (nh3.ALLOWED_TAGS - TAGS) | {
    "body", "button", "fieldset", "font", "form", "head", "html", "input", "label", "legend",
    "link", "main", "meta", "option", "section", "select", "textarea",
}  # fmt: skip
# What begins no tag of the list, and no character's name.
_NO_TAG = re.compile(rf"(?ai)<(?!/?(?:{'|'.join(sorted(TAGS))})[\s/>])")
_NO_NAME = re.compile(r"(?a)&(?!(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{0,31});)")
# As browsers read tags. No part of it is tried twice.
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+"""
_ATTRIBUTE = re.compile(rf"(?a)([^\s/>][^\s/>=]*+)(?:\s*+=\s*+({_VALUE}))?+")
_TAG = re.compile(
    rf"(?ai)<(/?)([a-z][a-z0-9]*+)((?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+{_VALUE})?+)*+)(>?)"
)
# These hold nothing, or end where the next of them begins.
_FLAT = {"br", "dd", "dt", "hr", "img", "li", "p", "td", "th", "tr"}
_CELLS = {"caption", "td", "th"}
_TABLE = {*_CELLS, "table", "tbody", "tfoot", "thead", "tr"}
# What begins something in markdown whose end is looked for.
_OPENING = re.compile(r"[\\*_~`$<\[]")
_GAP = re.compile(r"\s{200}")
_LONG_LINE = re.compile(r"[^\n]{1000}")
_PYTHON = {"py", "python", "python3", "ipython", "ipython3"}
_TEX = re.compile(r'<code class="tex( block)?">([^<]*)</code>')
_MATH_VALUE = re.compile(r"[a-z-]{1,30}|-?[0-3]?(?:\.\d{1,4})?(?:em|ex)?")
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


class Room:
    """How much work the texts of a page may still take.

    Args:
        left: how much that is.
    """

    def __init__(self, left: int = MOST_OF_PAGE) -> None:
        self.left = left

    def take(self, work: int, most: int = MOST_WORK) -> bool:
        """Take some of it, unless it is more than there is, or than a text may take."""
        if work > min(most, self.left):
            return False
        self.left -= work
        return True


class _MathJaxRenderer(IPythonRenderer):
    """nbconvert's renderer, with formulas in the delimiters that MathJax looks for.

    Code is highlighted if it is Python: a student's text chooses no other lexer, of which some are
    slow.
    """

    def block_code(self, code: str, info: str | None = None) -> str:
        language = (info or "").split(maxsplit=1)[:1]
        return render_code(code) if {*language} & _PYTHON else f"<pre>{escape(code)}</pre>"

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{self.escape_html(code)}</pre>"

    def task_list_item(self, text: str, checked: bool = False) -> str:
        return f"<li>{'☑' if checked else '☐'} {text}</li>\n"


class _Renderer(_MathJaxRenderer):
    """The same with formulas as TeX in tags, from which `formulas` makes MathML."""

    def block_math(self, body: str) -> str:
        return f'<code class="tex block">{escape(body.strip())}</code>'

    def inline_math(self, body: str) -> str:
        return f'<code class="tex">{escape(body.strip())}</code>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def clean_html(text: str, room: Room | None = None) -> str:
    """Keep only what is on the list in HTML, and show everything else as the text that it is.

    Args:
        text: the HTML.
        room: the room of its page, or None. The whole is shown as text if that is too small, or if
            the cleaner would take long, as with tags that are nested very deeply.
    """
    room = room or Room()
    text = text.translate(_CONTROLS).encode("utf-8", "replace").decode()
    tidy, work = _tidied(text)
    if not room.take(work):
        return preformatted(text, room=room)
    return nh3.clean(
        tidy, tags=TAGS, attributes=ATTRIBUTES, attribute_filter=_may_stay,
        url_schemes={"http", "https", "mailto", "data"}, link_rel=None,
    )  # fmt: skip


def clean_output(text: str, room: Room | None = None) -> str:
    """Clean the HTML that a library made for a notebook: a table, say, with a style of its own.

    What a browser shows nothing of goes, and so do the tags of what is only laid out or clicked. In
    a student's own words these are shown as the text that they are.

    Args:
        text: the HTML.
        room: as for clean_html.
    """
    seen = _UNSEEN.sub("", text)
    return clean_html(
        _TAG.sub(lambda tag: "" if tag[4] and tag[2].lower() in _BARE else tag[0], seen), room
    )


def render_markdown(
    text: str,
    attachments: dict[str, Any] | None = None,
    mathjax: bool = False,
    room: Room | None = None,
) -> str:
    """Render markdown as clean HTML.

    A text that is too long, or that cannot be parsed, is shown as it is.

    Args:
        text: the markdown.
        attachments: the attachments of its cell; None if there are none.
        mathjax: put formulas into the delimiters of MathJax; otherwise they become MathML.
        room: the room of its page, or None.
    """
    room = room or Room()
    work = len(text) + len(_OPENING.findall(text)) * len(text) // 500
    if len(text) > MOST_WORDS or _GAP.search(text) or not room.take(work, MOST_OF_WORDS):
        return preformatted(text, MOST_WORDS * 5, room)
    renderer = (_MathJaxRenderer if mathjax else _Renderer)(
        escape=False, attachments=attachments or {}, exclude_anchor_links=True
    )
    try:
        shown = clean_html(MarkdownWithMath(renderer=renderer).render(text), room)
    except Exception:  # parsers fail in any way over text that is made to break them
        return preformatted(text, room=room)
    return shown if mathjax else formulas(shown, room)


def formulas(text: str, room: Room) -> str:
    """Clean HTML with MathML in the place of TeX; TeX that cannot be read stays.

    Args:
        text: the HTML, of clean_html: TeX stands in `<code class="tex">` or, if it has a line of
            its own, in `<code class="tex block">`.
        room: the room of its page.
    """
    return _TEX.sub(lambda found: formula(unescape(found[2]), bool(found[1]), room), text)


def formula(tex: str, block: bool = False, room: Room | None = None) -> str:
    """A formula as MathML, or as TeX if it is too long or cannot be read.

    Args:
        tex: the formula, without delimiters.
        block: whether it has a line of its own.
        room: the room of its page, or None.
    """
    shown = None
    if (room or Room()).take(10 * len(tex), 10 * MOST_FORMULA):
        shown = _mathml(tex, block)
    return shown or f'<code class="tex{" block" if block else ""}">{escape(tex)}</code>'


def render_code(text: str, room: Room | None = None) -> str:
    """Python code as HTML with highlighting; as plain text if it is too long, or has long lines.

    Args:
        text: the code.
        room: the room of its page, or None.
    """
    room = room or Room()
    if is_odd(text) or not room.take(3 * len(text)):
        return preformatted(text, room=room)
    return highlight(text, PythonLexer(stripnl=False), HtmlFormatter(cssclass="highlight"))


def is_odd(code: str) -> bool:
    """Whether lexers may take long with code: by the square of a line or of a gap in it."""
    return len(code) > MOST_CODE or bool(_LONG_LINE.search(code) or _GAP.search(code))


def broken(code: str) -> str:
    """Code of which nothing is odd any more: its long lines are broken, its gaps and it are cut."""
    if not is_odd(code):
        return code
    code = re.sub(r"(\s{199})\s+", r"\1", code[:MOST_CODE])
    return re.sub(r"([^\n]{999})(?=[^\n])", r"\1\n", code)


def preformatted(text: str, most: int = MOST_CODE, room: Room | None = None) -> str:
    """A text as it is, as HTML, in which the colours of a terminal are kept.

    Args:
        text: the text.
        most: the number of characters after which it is cut off.
        room: the room of its page, or None. Without room, colours go.
    """
    rest = len(text) - most
    text = text[:most] + (f"\n[{rest} more characters]" if rest > 0 else "")
    shown = escape(strip_ansi(text))
    if "\x1b" in text and (room or Room()).take(2 * len(text)):
        with contextlib.suppress(Exception):  # colours with numbers that do not exist
            shown = ansi2html(text)
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
    """The style of highlighted code, as CSS: for dark pages in a media query."""
    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}"


def _tidied(text: str) -> tuple[str, int]:
    """HTML with no tag and no attribute but those of the list, and how long cleaning it may take.

    Cleaning takes time for each tag in each that is open; a tag that is not closed in the order in
    which tags were opened counts as open to the end. What stands in a table outside of its cells
    is moved before it, past all that stands there. Each name of a character is appended to a text.

    Returns:
        (html, work): the HTML, and the work, rather too much than too little.
    """
    text = _NO_NAME.sub("&amp;", _NO_TAG.sub("&lt;", _COMMENT.sub("", text)))
    parts: list[str] = []
    open_ones: list[str] = []
    at = count = deepest = tables = moved = 0
    in_cell = False
    for tag in _TAG.finditer(text):
        end, name, attributes, closed = tag[1], tag[2].lower(), tag[3], tag[4]
        between, at = text[at : tag.start()], tag.end()
        moved += bool(tables and not in_cell and (name not in _TABLE or between.strip()))
        parts += between, _tag(end, name, attributes) if closed else tag[0].replace("<", "&lt;")
        count += not end
        if name in _TABLE:
            in_cell = not end and name in _CELLS
        if name == "table":
            tables = max(tables + (-1 if end else 1), 0)
        if name in _FLAT:
            continue
        if not end:
            open_ones.append(name)
            deepest = max(deepest, len(open_ones))
        elif open_ones and open_ones[-1] == name:
            open_ones.pop()
    parts.append(text[at:])
    tidy = "".join(parts)
    names = tidy.count("&") * len(tidy) // 300_000
    # formgrader's page is read once more by nbconvert, tag by tag.
    return tidy, len(text) // 4 + count * (deepest + 5) + count * moved // 1000 + names


def _tag(end: str, name: str, attributes: str) -> str:
    kept: dict[str, str] = {}
    if not end and name in ATTRIBUTES and attributes.strip():
        for found in _ATTRIBUTE.finditer(attributes):
            if found[1].lower() in ATTRIBUTES[name]:
                value = found[2] or ""
                value = value[1:-1] if value[:1] in ("'", '"') else value
                kept.setdefault(found[1].lower(), value.replace('"', "&quot;"))
    if name == "img":
        kept.setdefault("alt", "Picture without a description")
    shown = "".join(f' {key}="{value}"' for key, value in kept.items())
    return f"<{end}{name}{shown}>"


# The course's own formulas are on the pages of all students.
@functools.lru_cache(maxsize=2_000)
def _mathml(tex: str, block: bool) -> str | None:
    """A formula as MathML, or None if it cannot be read."""
    converter = Converter(display="block" if block else "inline")
    # With definitions of its own, a short formula can be as long as it likes.
    converter.macros = MappingProxyType({})  # type: ignore[assignment]
    # The library does not know `aligned`, which is the same without numbers.
    tex = re.sub(r"\\(begin|end)\{align(?:ed)?\}", r"\\\1{align*}", tex)
    try:
        return _math(converter.convert_to_element(tex))
    except Exception:  # it fails in any way over what is no TeX, or is nested deeply
        return None


def _math(element: Element) -> str:
    """An element of MathML, as HTML.

    Raises:
        ValueError: if there is something in it that is not on the list, or was not read.
    """
    # What the library does not know, it leaves: `\\unknown`, or & where there is no table.
    text = (element.text or "").replace(r"\|", "‖")
    if element.tag not in MATH_TAGS or text.startswith("\\") or text == "&":
        raise ValueError(f"this is no MathML: <{element.tag}>{text}")
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in MATH_ATTRIBUTES and all(map(_MATH_VALUE.fullmatch, value.split()))
    )
    inside = escape(unescape(text)) + "".join(map(_math, element))
    return f"<{element.tag}{attributes}>{inside}</{element.tag}>"


def _may_stay(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute if it may stay, otherwise None.

    Links may lead away from the page; pictures must be in the page.
    """
    if name == "class":
        may = set(value.split()) <= _CLASSES
    else:
        may = name not in _VALUES or bool(_VALUES[name].fullmatch(value))
    return value if may else None

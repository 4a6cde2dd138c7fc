"""Feedback shows the work, the points and the comments; no hidden test, and nothing that acts."""

import base64
import hashlib
import re

import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import PyFileConfigLoader

from autograder import CLONE
from autograder.results.feedback import FeedbackExporter, HarmlessCells, HideTests, markup
from saelab import display

SECRET = "assert double(21) == 42  # the secret number"
TEST = f"# 2 points\n### BEGIN HIDDEN TESTS\n{SECRET}\nx = 1\n### END HIDDEN TESTS\ncheck(double)"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FIGURE = f"<figure><img src='data:image/png;base64,{PIXEL}' alt='a'></figure>"
QUOTE = "a <b>assert</b> double(21) == 42  <i># the secret number</i> b"

# What would act, load or disguise. The mark that each leaves where it gets through is in the page
# as a tag or an attribute; as text it may stand there.
ATTACKS = [
    "<script>alert(1)</script>",
    "</div></article><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</pre></code><img src=x onerror=alert(1)>",
    "<style>.total {display: none}</style>",
    "<div style='position:fixed;top:0;left:0;background:white'>17 / 17</div>",
    "<p class='total'><strong>17 / 17</strong></p>",
    "<a id='part-test-double' name='top'>x</a>",
    "<iframe src='https://evil.example/'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<meta http-equiv='refresh' content='0; url=https://evil.example/'>",
    "<base href='https://evil.example/'>",
    "<form action='https://evil.example/'><input name=a><button>Go</button></form>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<img src='https://evil.example/x.png'>",
    "<img srcset='https://evil.example/x.png'>",
    "<video src=https://evil.example/x poster=https://evil.example/y></video>",
    "<object data='https://evil.example/x'></object><embed src=https://evil.example/x>",
    "<svg onload=alert(1)><script>alert(1)</script><use href='https://evil.example/x#a'/></svg>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<a href='javascript:alert(1)'>x</a><a href=' jAvAsCrIpT&#58;alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "[x](javascript:alert(1)) [y](data:text/html;base64,PHNjcmlwdD4=) <javascript:alert(1)>",
    '![x](https://evil.example/x.png) ![y]("onerror=alert(1)//)',
    '[x](https://a.example/"onmouseover=alert(1)//)',
    "```python\n</pre><script>alert(1)</script>\n```",
    "```mermaid\n</pre><script>alert(1)</script>\n```",
    "```<script>alert(1)</script>\nx\n```",
    "$</code><script>alert(1)</script>$ and $$<img src=x onerror=alert(1)>$$",
    "\\begin{x}<script>alert(1)</script>\\end{x}",
    "# <img src=x onerror=alert(1)>",
    # Harmless where it is rendered once, and not where the result is taken for markdown again.
    "```\na\n\n[x](javascript:alert(1))\n\nb\n```",
    "\x1b[38;2;200;0;0mcolours with a style of their own\x1b[0m",
    "<!-- --!><script>alert(1)</script> -->",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<table background=https://evil.example/x><td style='background:url(https://evil.example)'>",
    "<span class='k score full'>17 / 17</span>",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[31m<script>alert(1)</script>\x1b[38;2;300;0;0mx\x1b[0m\x1b]8;;javascript:x\x07",
]
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "section", "main", "article",
    "aside", *markup.TAGS, *markup.MATH_TAGS,
}  # fmt: skip


def page(*cells, hide=True, **about):
    exporter = FeedbackExporter()
    if hide:
        exporter.register_preprocessor(HideTests)
    about = {
        "notebook": "ps1", "student": "ada", "score": 1.5, "max_score": 5.0, "late_penalty": 0,
        **about,
    }  # fmt: skip
    notebook = new_notebook(cells=list(cells))
    notebook.nbformat_minor = 5
    return exporter.from_notebook_node(notebook, {"nbgrader": about})[0]


def graded(cell, name="test-double", **more):
    cell.metadata.nbgrader = NotebookNode(
        {"grade": True, "solution": False, "locked": True, "grade_id": name, "points": 2, **more}
    )
    return cell


def soup(text):
    return BeautifulSoup(text, "html.parser")


def assert_harmless(text):
    """Nothing but known tags and attributes is in a page, and no address that is loaded."""
    for tag in soup(text).find_all():
        assert tag.name in ALLOWED, tag
        for name, value in tag.attrs.items():
            assert not name.startswith("on"), tag
            assert name not in ("style", "srcset", "srcdoc", "action", "background"), tag
            if name == "src":
                assert value.startswith("data:image/"), tag
            if name == "href":
                assert re.match(r"#part-|https?://|mailto:", value), tag
    main = soup(text).main or soup(text)
    for tag in main.find_all(class_=True):
        own = tag.name in ("article", "div", "span") and tag.find_parent(class_="body") is None
        highlighting = set(tag["class"]) <= markup._CLASSES
        terminal = all(name.startswith("ansi-") for name in tag["class"])
        assert own or highlighting or terminal or tag["class"] in (["rich"], ["error"]), tag
    assert len(soup(text).find_all("style")) == 1
    assert len(soup(text).find_all(class_="total")) == 1
    assert len(soup(text).find_all("meta", attrs={"http-equiv": True})) == 1


# --- what is in it --------------------------------------------------------------------


def test_scores_comments_code_and_outputs_are_shown():
    answer = graded(new_markdown_cell("Because."), "why", solution=True, points=3)
    answer.metadata.nbgrader.update(score=1.5, comment="**Well** seen.")
    test = graded(new_code_cell("check(double)"), score=0)
    test.outputs = [new_output("stream", text="0 of 2 points: it is wrong.")]
    text = page(new_code_cell("def double(x): return x"), test, answer)
    shown = soup(text)
    assert "1.5 / 5" in shown.find(class_="total").text
    assert "(Score: 1.5 / 5)" in shown.title.text
    rows = [[td.text.strip() for td in row("td")] for row in shown.table("tr")[1:]]
    assert rows == [
        ["test-double", "Test", "0 / 2"], ["why", "Your answer, with a comment", "1.5 / 3"]
    ]  # fmt: skip
    for row in shown.table("a"):
        assert shown.find(id=row["href"][1:])
    assert shown.aside.strong.text == "Well"
    assert "def double(x): return x" in shown.text
    assert "0 of 2 points: it is wrong." in shown.text
    assert_harmless(text)


def test_what_waits_for_a_person_is_not_told_as_no_points():
    answer = graded(new_markdown_cell("Because."), "why", solution=True, points=3, score=0)
    answer.metadata.nbgrader["waits"] = True
    test = graded(new_code_cell(""), score=1.5)
    shown = soup(page(test, answer, waiting=3.0))
    assert [td.text.strip() for td in shown.find_all(class_="number")[1:]] == [
        "1.5 / 2", "not graded yet"
    ]  # fmt: skip
    assert shown.find("article", class_="answer").find(class_="waits").text == "not graded yet"
    said = " ".join(shown.find(class_="total").text.split())
    assert said == "Score: 1.5 / 2 points graded so far 3 more wait for a person"
    assert shown.title.text == "ps1 (Score: 1.5 / 2 so far)"
    shown = soup(page(answer, score=0, max_score=3.0, waiting=3.0))
    assert shown.find(class_="total").text.strip() == "3 points, not graded yet"


def test_the_grader_s_note_is_at_the_top():
    note = new_markdown_cell("**Put right.**")
    note.id = "grader-note"
    assert soup(page(new_markdown_cell("a"), note)).find(class_="note").strong.text == "Put right."


def test_a_late_penalty_is_told():
    text = page(graded(new_code_cell(""), score=2), late_penalty=0.5)
    assert "Handed in late" in text and "−0.5" in text


@pytest.mark.parametrize(
    "data",
    [
        {"image/png": PIXEL},
        {"image/jpeg": PIXEL},
        {"image/svg+xml": "<svg onload='alert(1)'/>"},
        {"text/html": FIGURE},
    ],
    ids=lambda data: next(iter(data)),
)
def test_pictures_are_shown(data):
    cell = new_code_cell("")
    cell.outputs = [new_output("display_data", data)]
    text = page(cell)
    assert soup(text).main.img["src"].startswith("data:image/")
    assert_harmless(text)


def test_a_pasted_picture_is_shown():
    cell = new_markdown_cell("![mine](attachment:a.png)")
    cell.attachments = {"a.png": {"image/png": PIXEL}}
    assert soup(page(cell)).main.img["src"] == f"data:image/png;base64,{PIXEL}"


# --- hidden tests ----------------------------------------------------------------------


def test_hidden_tests_are_not_shown_and_it_is_said_that_they_were_there():
    text = soup(page(graded(new_code_cell(TEST)))).text
    assert "secret" not in text
    assert "Hidden tests were here." in text
    assert "check(double)" in text and "# 2 points" in text


QUOTES = [
    new_output("stream", text=f"a\n  {SECRET}\nb"),
    new_output(
        "error", ename="AssertionError", evalue=SECRET,
        traceback=[
            "\x1b[0;31mAssertionError\x1b[0m in a",
            "\x1b[0;32m----> 3\x1b[0;31m \x1b[0;32massert\x1b[0m double\x1b[0m(\x1b[36m21\x1b[0m) "
            "\x1b[0;34m==\x1b[0m 42  \x1b[0;31m# the secret number\x1b[0m\nb",
        ],
    ),
    new_output("display_data", {"text/html": QUOTE}),
    new_output("display_data", {"text/plain": f"a {SECRET} b", "text/markdown": f"a {SECRET} b"}),
    new_output("display_data", {"image/svg+xml": f"<svg><text>a {SECRET} b</text></svg>"}),
]  # fmt: skip


@pytest.mark.parametrize("place", ["test", "other"])
@pytest.mark.parametrize("output", QUOTES, ids=lambda o: o.output_type)
def test_outputs_do_not_quote_hidden_tests(output, place):
    test, other = graded(new_code_cell(TEST)), new_code_cell("")
    (test if place == "test" else other).outputs = [NotebookNode(output)]
    text = soup(page(test, other)).text
    assert "secret" not in text and "double(21)" not in text
    assert "[here stood a hidden test]" in text


def test_what_also_stands_in_the_open_is_no_secret():
    other = new_code_cell(SECRET)
    other.outputs = [new_output("stream", text=SECRET)]
    assert soup(page(graded(new_code_cell(TEST)), other)).text.count("secret number") == 2


def test_a_student_s_own_delimiters_hide_nothing():
    text = soup(page(new_code_cell(TEST), graded(new_code_cell(TEST), "a", solution=True))).text
    assert text.count("the secret number") == 2


# --- nothing that acts -------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_acts_wherever_it_stands(attack):
    code, note = new_code_cell(attack), new_markdown_cell(attack)
    code.outputs = [
        new_output("stream", text=attack),
        new_output("error", ename=attack, evalue=attack, traceback=[attack]),
        new_output("error", ename=attack, evalue=attack, traceback=[]),
        *(
            new_output("display_data", {mime: attack})
            for mime in (
                "text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml",
                "image/png", "image/jpeg", "application/javascript",
                "application/vnd.jupyter.widget-view+json", "text/vnd.mermaid", "application/pdf",
            )
        ),
    ]  # fmt: skip
    isolated = new_output("display_data", {"text/html": attack, "text/plain": "x"})
    isolated.metadata = {"text/html": {"isolated": True}, "image/png": {"width": attack}}
    code.outputs.append(isolated)
    code.metadata = {"tags": [attack.replace(",", ";")], "alt": attack, "raw_mimetype": "text/html"}
    note.attachments = {attack: {"image/png": attack, "text/html": attack}}
    note.id = "grader-note"
    answer = graded(new_markdown_cell(attack), "a", solution=True, score=1, comment=attack)
    text = page(
        note, code, answer, new_markdown_cell(attack), new_raw_cell(attack),
        notebook=attack, student=attack,
    )  # fmt: skip
    assert_harmless(text)


@pytest.mark.parametrize(
    "text, shown",
    [
        ("List<int> and <script>x</script>", "List&lt;int&gt; and &lt;script&gt;x&lt;/script&gt;"),
        ("a < b <!-- a remark -->", "a &lt; b "),
        ("<p title='t' lang='x' id='total'>x", "<p>x</p>"),
        ("<A HREF='http://a.b/' rel='x'>x</A>", '<a href="http://a.b/">x</a>'),
        ("<table><td colspan=2 rowspan=1000>x", '<td colspan="2">x</td>'),
        (f"<table><td colspan={'9' * 5000}>x", "<td>x</td>"),
        ("half \ud800 \x07", "half ? ?"),
    ],
)
def test_what_may_not_stay_is_shown_as_text(text, shown):
    assert shown in markup.clean_html(text)


# As pandas and scikit-learn write them, and as somebody might who wants to be slow or sly.
@pytest.mark.parametrize(
    "html, shown",
    [
        ("<div>\n<style scoped>\n .dataframe {color: red}\n</style><table><td>1</table></div>",
         "<div>\n<table><tbody><tr><td>1</td></tr></tbody></table></div>"),
        ("<STYLE a='>'>#a {}</Style ><label for=a>LinearRegression</label><input id=a>",
         "LinearRegression"),
        ("a<script>if (a<b) '<b>'</script>b<!-- <style> -->c", "abc"),
        ("a<style>b</styles>c", "a"),
        ("a<scr<style></style>ipt>b</script>", "a&lt;script&gt;b&lt;/script&gt;"),
        ("<section>a<textarea>b</textarea></section>", "ab"),
        ("a" + "<style>" * 280_000, "a"),
        ("a<style>" + "</style " * 240_000, "a"),
    ],
    ids=["pandas", "sklearn", "script", "not closed", "split", "parts", "many", "never ended"],
)  # fmt: skip
def test_of_outputs_no_style_and_no_script_is_shown_as_text(html, shown):
    assert markup.clean_output(html) == shown
    cell = new_code_cell("")
    cell.outputs = [new_output("display_data", {"text/html": html})]
    in_formgrader = HarmlessCells().preprocess(new_notebook(cells=[cell]), {})[0].cells[0]
    assert in_formgrader.outputs[0].data["text/html"] == shown


def test_the_notebook_s_metadata_are_not_used():
    notebook = new_notebook(cells=[new_code_cell("1")])
    notebook.metadata = NotebookNode(
        title="</title><script>alert(1)</script>",
        language_info={"name": 5, "pygments_lexer": ["x"]},
        widgets={"application/vnd.jupyter.widget-state+json": {"a": "</script><script>"}},
    )
    about = {"notebook": "a", "student": "b", "score": 1, "max_score": 2, "late_penalty": 0}
    assert_harmless(FeedbackExporter().from_notebook_node(notebook, {"nbgrader": about})[0])


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "> " * 9_000, "*a " * 6_000, "(" * 200_000, "\\begin{a}" * 2_000,
             "`" * 19_999, "<" * 19_999, "'''" * 30_000],
    ids=lambda text: text[:9],
)  # fmt: skip
def test_texts_made_to_take_long_do_not(text):
    import time

    start = time.process_time()
    page(new_markdown_cell(text), new_code_cell(text))
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 390_000,
        "<ul><li>" * 200_000,
        "<DIV></b>" * 200_000,
        "<div><table></div>" * 100_000,
        # What is open in one paragraph is opened anew in each of those that follow.
        "<p>" + "".join(f"<b title={n}>" for n in range(400)) + "</p>" + "<p>x</p>" * 200_000,
    ],
    ids=["nested", "lists", "never closed", "across tables", "reopened"],
)
def test_html_that_is_nested_too_deeply_is_shown_as_text(html):
    shown = markup.clean_html(html)
    assert shown.startswith("<pre>&lt;") and shown.endswith(" more characters]</pre>")


def test_what_is_no_tag_is_not_nested():
    assert markup.clean_html("<p>List<int></p>" * 3_000) == "<p>List&lt;int&gt;</p>" * 3_000


def test_a_table_as_large_as_an_output_may_be_stays_a_table():
    row = "<tr>" + "<td>0.123456</td>\n" * 20 + "</tr>"
    html = f"<div><table><thead>{row}</thead><tbody>{row * 5_000}</tbody></table></div>"
    assert len(html) > 1_800_000
    assert markup.clean_html(html) == html


# Twice as large each time, the work of each must not be four times as much.
SLOW_HTML = {
    "attributes": lambda n: "<a " + " ".join(f"a{i}=1" for i in range(n)) + ">x</a>",
    "attributes reopened": lambda n: "<b " + " ".join(f"a{i}" for i in range(n)) + "><p>x</p>",
    "attributes behind a quote": lambda n: "<!-- <b x=' --><a " + "a=1 " * n + ">x</a>",
}


@pytest.mark.parametrize("make", SLOW_HTML.values(), ids=SLOW_HTML)
def test_the_cleaner_gets_no_attribute_that_does_not_stay(make):
    tidy, work = markup._tidied(make(20_000))
    assert re.fullmatch(r"<(a|b)>(<p>)?x(</p>)?(</a>)?", tidy) and work < 100_000


@pytest.mark.parametrize(
    "html",
    [
        "<table>" + "<p>x</p>" * 100_000,
        "<p>x</p>" * 50_000 + "<table>" + "x<tr>" * 50_000,
        "<table>" + "<td></td><b>x</b>" * 60_000,
        "&amp;" * 600_000,
        "&" * 600_000,
    ],
    ids=["in a table", "text in a table", "beside cells", "names", "no names"],
)
def test_html_that_takes_long_to_clean_is_shown_as_text(html):
    shown = markup.clean_html(html)
    assert shown.startswith("<pre>&") and shown.endswith(" more characters]</pre>")


def test_tags_are_read_as_browsers_read_them():
    for html, clean in {
        "<a href=http://a/?b=1&c=2 href=http://d title = 'x\"y>'>z</a>": (
            '<a href="http://a/?b=1&amp;c=2" title="x&quot;y>">z</a>'
        ),
        "<a title=>x</a><b/><i/x=1>y</i>": '<a title="">x</a><b><i>y</i></b>',
        "<img>": '<img alt="Picture without a description">',
        "<b title='never ended": "&lt;b title='never ended",
        "<!--><b>x</b><!---><i>y</i><!-- a --!><u>z</u><!-- a": "<b>x</b><i>y</i><u>z</u>",
        "&lt; &copy; &#65; &#x41; &nothing &amp": "&lt; © A A &amp;nothing &amp;amp",
    }.items():
        assert markup.clean_html(html).replace("&gt;", ">") == clean


@pytest.mark.parametrize(
    "code",
    [" \n" * 20_000, "match" + " " * 50_000, "'" + "\\N{" * 20_000, "x = 1\n" * 20_000],
    ids=["gaps", "spaces", "names", "long"],
)
def test_no_lexer_gets_odd_code(code, monkeypatch):
    monkeypatch.delattr(markup, "highlight")
    assert markup.render_code(code).startswith("<pre>")
    assert not markup.is_odd(markup.broken(code)) and markup.broken("a  b") == "a  b"
    assert "slow" in markup.render_markdown("```php\n<?php slow\n```")


@pytest.mark.parametrize(
    "text", ["*a **b " * 1_500 + "c** d* " * 1_300, "\\\\(" * 6_000, "\\begin{a}" * 2_000,
             "a" + " " * 15_000 + "b"],
    ids=["nested", "formulas", "environments", "gap"],
)  # fmt: skip
def test_no_parser_gets_words_that_take_long(text, monkeypatch):
    monkeypatch.delattr(markup, "MarkdownWithMath")
    assert markup.render_markdown(text) == markup.preformatted(text)


def test_a_page_has_a_budget_and_the_rest_of_it_is_plain_text(monkeypatch):
    monkeypatch.setattr(markup.Room.__init__, "__defaults__", (3_000,))
    html = "<p>" + "<b>x</b>" * 100 + "</p>"
    cells = [new_code_cell("x") for _ in range(20)]
    for cell in cells:
        cell.outputs = [new_output("display_data", {"text/html": html})]
    shown = soup(page(*cells, new_markdown_cell("**late**"))).main
    rich = [bool(part.b) for part in shown(class_="rich")]
    assert rich[0] and not rich[-1] and rich == sorted(rich, reverse=True)
    assert "<b>x</b>" in shown(class_="rich")[-1].text and "late" in shown.text
    room = markup.Room(5)
    assert [room.take(4), room.take(4), room.take(1), room.left] == [True, False, True, 0]


# --- formulas ---------------------------------------------------------------------------------


def test_formulas_are_mathml():
    table = "\\begin{align}a&=b\\\\c&=d\\end{align}"
    text = f"Inline $a < \\hat\\rho_j$ and\n\n$$\\frac12$$\n\n{table}"
    inline, block, table = soup(markup.render_markdown(text))("math")
    assert inline["display"] == "inline" and inline.mo.text == "<" and inline.msub.mover
    assert block["display"] == "block" and block.mfrac.text == "12"
    assert [cell["columnalign"] for cell in table("mtd")] == ["right", "left"] * 2
    cell = new_code_cell("x")
    cell.outputs = [new_output("display_data", {"text/latex": "$\\displaystyle x^{2}$"})]
    assert soup(page(cell)).main.msup.text == "x2"


@pytest.mark.parametrize(
    "tex",
    [
        "\\frac{", "x^", "\\unknown{x}", "a & b", "{" * 500, "a" * 3_000,
        "".join(f"\\def\\{b}{{\\{a}\\{a}}}" for a, b in zip("abcdefghijk", "bcdefghijkl")) + "\\l",
        "\\newcommand{\\a}{b}\\a",
    ],
    ids=["open", "no exponent", "unknown", "no table", "deep", "long", "doubling", "definition"],
)  # fmt: skip
def test_what_is_no_formula_stays_tex(tex):
    assert markup.formula(tex) == f'<code class="tex">{markup.escape(tex)}</code>'


def test_mathml_of_a_student_is_text_and_a_formula_brings_no_attribute_of_his():
    shown = markup.render_markdown("<math display='block'><mi>x</mi></math>")
    assert "&lt;math" in shown and not soup(shown).math
    tex = (
        "\\href{javascript:alert(1)}{x}\\style{position:fixed}{y}\\class{total}{z}\\color{white}{w}"
        "\\rule{900em}{900em}\\hspace{-90em}\\text{<script>alert(1)</script> &lt;b&gt;}"
    )
    shown = markup.render_markdown(f"${tex}$")
    assert soup(shown).math and not soup(shown).find(["script", "b"])
    assert {name for tag in soup(shown)(True) for name in tag.attrs} == {"display"}
    # However the TeX came, it is converted, and not what stands around it.
    shown = markup.render_markdown('<code class="tex">x<b>y</b></code> <code class="tex">z</code>')
    assert [tag.text for tag in soup(shown)("math")] == ["z"]


# --- what stands above a part -------------------------------------------------------------------


def test_parts_have_titles_and_no_ids_or_numbers_of_the_grader():
    test = graded(new_code_cell("check(double)"), "test-double", score=2)
    test.outputs = [
        new_output("stream", text="2 of 2 points."),
        new_output("execute_result", {"text/plain": "2.0"}),
    ]
    shown_check = graded(new_code_cell("check(double)"), "check-double", points=0)
    answer = graded(new_markdown_cell("# Mine"), "all-zeros", solution=True, points=3, score=3)
    text = page(
        new_markdown_cell("# One\n\n## 1. Write `double`\n\nwords"), shown_check, test,
        new_markdown_cell("### All *zeros* (3 points)"), answer, new_code_cell("1"), score=5.0,
    )  # fmt: skip
    shown = soup(text)
    rows = [[td.text.strip() for td in row("td")] for row in shown.table("tr")[1:]]
    assert rows == [["1. Write double", "Test", "2 / 2"], ["All zeros", "Your answer", "3 / 3"]]
    heads = [head.span.text for head in shown("h2") if head.parent.name == "article"]
    assert heads == ["Check: 1. Write double", "Test: 1. Write double", "Your answer: All zeros"]
    assert "test-double" not in shown.text and "all-zeros" not in shown.text
    assert "2.0" not in shown.text and "5.0" not in shown.text


def test_a_page_is_dark_where_the_reader_s_are():
    style = soup(page(new_code_cell("x = 1"))).style.string
    dark = style.split("@media screen and (prefers-color-scheme: dark)")
    assert len(dark) == 3 and "color-scheme: light dark" in style
    # Each colour has a name, which has another value on dark pages.
    own = style[style.index(":root") :]
    named = set(re.findall(r"var\((--[\w-]+)\)", own))
    assert all(len(re.findall(f"{name}:", own)) == 2 for name in named)


def test_lists_keep_their_numbers_and_their_boxes():
    text = markup.render_markdown("5. five\n6. six\n\n- [ ] open\n- [x] done\n")
    assert '<ol start="5">' in text
    assert "<li>☐ open</li>" in text and "<li>☑ done</li>" in text


def test_the_page_loads_nothing_and_its_policy_allows_its_own_style_only():
    text = page(graded(new_code_cell("x"), score=1), new_markdown_cell("$x$ [a](https://a.b/)"))
    page_soup = soup(text)
    policy = page_soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    style = page_soup.style.string.encode()
    assert base64.b64encode(hashlib.sha256(style).digest()).decode() in policy
    assert b"@import" not in style and b"url(" not in style
    # The policy comes before all that it is for.
    assert text.index("Content-Security-Policy") < text.index("<title")


# --- formgrader -----------------------------------------------------------------------------


def formgrader_page(notebook):
    """The page of formgrader, with the exporter made as its server extension makes it."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(CLONE)).load_config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    resources = {
        "base_url": "", "notebook_id": "ps1", "assignment_id": "ps1", "submission_id": "1",
        "index": 0, "total": 1, "student": "ada", "last_name": "", "first_name": "",
        "notebook_path": "",
    }  # fmt: skip
    return HTMLExporter(config=config).from_notebook_node(notebook, resources)[0]


def acting(text):
    """What could act in formgrader's page, which has scripts of its own."""
    found = []
    for tag in soup(text).find_all():
        if tag.name in ("iframe", "object", "embed", "base", "form", "video", "svg", "math"):
            found.append(str(tag)[:80])
        for name, value in tag.attrs.items():
            value = str(value).replace(" ", "").lower()
            if name.startswith("on") or name in ("style", "srcset", "srcdoc"):
                found.append(f"{name}={value}")
            loads = value.startswith(("javascript:", "data:text", "https://evil"))
            if name in ("href", "src") and loads:
                found.append(f"{name}={value}")
        if tag.name in ("script", "style", "meta", "link"):
            found.append(str(tag))
    return sorted(found)


def test_formgrader_runs_nothing_that_a_student_wrote():
    plain = graded(new_markdown_cell("a"), "why", solution=True)
    plain = acting(formgrader_page(new_notebook(cells=[new_code_cell("1"), plain])))
    for attack in ATTACKS:
        code = new_code_cell(attack)
        code.outputs = [
            new_output("error", ename=attack, evalue=attack, traceback=[attack]),
            new_output("stream", text=attack),
        ]
        for mime in (
            "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png",
            "application/javascript", "application/vnd.jupyter.widget-view+json",
        ):  # fmt: skip
            code.outputs.append(new_output("display_data", {mime: attack}))
        text = new_markdown_cell(attack)
        answer = graded(new_markdown_cell(attack), "why", solution=True)
        raw = new_raw_cell(attack, metadata={"raw_mimetype": ""})
        shown = formgrader_page(new_notebook(cells=[code, text, answer, raw]))
        new = [thing for thing in acting(shown) if thing not in plain]
        # Colours of a terminal are nbconvert's own, and set by numbers.
        assert all(re.fullmatch(r"style=color:rgb\([\d,]+\);?", thing) for thing in new), new


def test_formgrader_s_lexer_and_parser_get_nothing_odd():
    odd = " \n" * 20_000 + "x" * 3_000
    shown = formgrader_page(
        new_notebook(cells=[new_code_cell(odd), new_markdown_cell("[" * 9_000)])
    )
    assert (
        len(shown) < 500_000
        and max(map(len, soup(shown).find(class_="highlight").text.split("\n"))) < 1_000
    )


def test_formgrader_still_shows_markdown_formulas_and_pictures():
    text = new_markdown_cell("**Bold** $a < b$ and `x < y`\n\n$$\\frac{1}{2}$$\n\n- item")
    code = new_code_cell("")
    code.outputs = [new_output("display_data", {"text/html": FIGURE})]
    shown = soup(formgrader_page(new_notebook(cells=[text, code])))
    cell = shown.find(class_="text_cell_render")
    assert cell.strong.text == "Bold"
    assert cell.code.text == "x < y"
    assert cell.li.text == "item"
    assert "$a < b$" in cell.text and "$$\\frac{1}{2}$$" in cell.text
    assert shown.find("figure").img["src"].endswith(PIXEL)


# --- figures as saelab.display writes them ----------------------------------------------


def shown(source):
    """The address of an image of a student's output, as the page has it; None if it has none."""
    cell = new_code_cell("show(fig)")
    cell.outputs = [
        new_output("display_data", {"text/html": f'<img src="{source}" alt="A line.">'})
    ]
    image = soup(page(cell)).main.img
    return image.get("src") if image else None


def test_a_figure_that_follows_the_theme_is_shown():
    made = display.picture(base64.b64decode(PIXEL), "A line that rises.", 300)
    source = re.findall(r'src="([^"]+)"', made)[0]
    assert shown(source) == source


@pytest.mark.parametrize(
    "source",
    [
        "https://192.0.2.1/a.svg", "//192.0.2.1/a.svg", "data:text/html,a", "javascript:alert(1)",
        "data:image/svg+xml,<svg onload='alert(1)'/>", "data:image/svg+xml,a b", "DATA:,a",
        "data:image/svg+xml;charset=utf-8,%3Csvg/%3E", "data:image/svg+xml,%3Csvg/%3E&#10;x",
    ],
)  # fmt: skip
def test_no_other_address_is(source):
    assert shown(source.replace('"', "&quot;")) is None

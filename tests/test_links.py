"""Relative links lead somewhere, in each document and notebook; and nothing that runs has a URL."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from autograder import CLONE
from autograder.authoring.build import notebook_names
from tests.support.built import solved

NAMES = notebook_names(CLONE / "solutions")
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "notebooks/*.md", "data/*.md", "tests/**/*.md")
    for path in CLONE.glob(pattern)
    if not {".ipynb_checkpoints", "node_modules"} & {*path.parts}
)
# [text](target "title"), ![alt](target), [name]: target, <img src="target">, <a href='target'>.
TARGET = re.compile(
    r"\]\(\s*<?((?:[^()\s<>]|\([^()\s]*\))+)"
    r"|^ {0,3}\[[^]^]+\]:\s*(\S+)"
    r"|(?:src|href)=[\"']([^\"']+)",
    flags=re.M,
)
URL = re.compile(r"\b(?:https?|ftp)://[^\s\"'<>)]+")
# Names of languages, which nobody follows.
NAMESPACE = re.compile(r"xmlns(?::\w+)?=([\"'])[^\"']*\1")

every_notebook = pytest.mark.parametrize("name", NAMES)


def relative(text):
    """The targets of links that are no URLs and not in code, without what follows a #."""
    text = re.sub(r"```.*?```|`[^`\n]*`|^(?: {4}|\t).*$", "", text, flags=re.M | re.S)
    targets = ("".join(found) for found in TARGET.findall(text))
    parts = [urlsplit(target) for target in targets]
    return [unquote(p.path) for p in parts if not p.scheme and not p.netloc and p.path]


def lost(text, folder):
    """The relative links that lead nowhere from a folder of the clone."""
    return [link for link in relative(text) if not (folder / link).exists()]


def named(path):
    return path.relative_to(CLONE).as_posix()


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_each_link_of_a_document_leads_somewhere(path):
    assert lost(path.read_text(encoding="utf-8"), path.parent) == []


@every_notebook
def test_each_link_of_a_notebook_leads_somewhere(name, fresh_course):
    """Beside the source, and where students open it."""
    text = "\n\n".join(cell.source for cell in solved(name, fresh_course).cells if is_text(cell))
    for folder in ("solutions", "notebooks"):
        assert lost(text, CLONE / folder / name) == []


def is_text(cell):
    return cell.cell_type == "markdown"


@every_notebook
def test_no_code_and_no_output_of_a_notebook_has_a_url(name, fresh_course):
    """The course runs offline: links are for the text, where a reader decides to follow them."""
    cells = solved(name, fresh_course).cells
    found = [URL.findall(cell.source) for cell in cells if not is_text(cell)]
    for cell in solved(name).cells:
        for output in cell.get("outputs", []):
            texts = [output.get("text", ""), *output.get("traceback", [])]
            texts += [str(data) for data in output.get("data", {}).values()]
            found += [URL.findall(NAMESPACE.sub("", text)) for text in texts]
    assert [urls for urls in found if urls] == []


def test_a_link_that_leads_nowhere_is_seen():
    text = (
        "[a](nowhere.md), [b](README.md#x), ![c](<docs/none.png>), [d](https://example.org)\n"
        '[e](S0(97)1 "title") `[f](code.md)` <img src="gone.png"> [g](#here)\n\n[h]: lost.md\n'
        "\n    [i](code.md)\n"
    )
    wanted = ["nowhere.md", "docs/none.png", "S0(97)1", "gone.png", "lost.md"]
    assert lost(text, CLONE) == wanted
    assert Path(CLONE, "README.md").exists()


def test_a_url_is_seen():
    assert URL.findall("urlopen('https://example.org/x')") == ["https://example.org/x"]
    assert URL.findall(NAMESPACE.sub("", '<svg xmlns="http://www.w3.org/2000/svg">')) == []

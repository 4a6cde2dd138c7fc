"""What can be said of the attacks without trying them; `make attack`, and so CI, tries them all."""

import json
from dataclasses import asdict

import pytest

from tests.attacks import __main__ as bench
from tests.attacks import work
from tests.attacks.judge import Verdict, plain
from tests.attacks.work import attacks


def test_the_document_tells_of_every_attack():
    table = (work.CLONE / "docs" / "attacks.md").read_text(encoding="utf-8")
    assert [a.name for a in attacks() if f"\n| {a.name} |" not in table] == []


def test_the_document_is_written_of_a_full_run_alone(tmp_path, monkeypatch):
    document, folder = tmp_path / "attacks.md", tmp_path / "attacks"
    monkeypatch.setattr(bench, "DOCUMENT", document)
    monkeypatch.setattr(bench, "RESULT", tmp_path / "attacks.json")
    monkeypatch.setattr(bench, "VERDICTS", folder)
    folder.mkdir()
    for attack in attacks():
        verdict = json.dumps(asdict(Verdict(attack.name, attack.group)))
        for column in bench.COLUMNS:
            (folder / f"{attack.name}@{column}.json").write_text(verdict)
    bench.RESULT.write_text('{"honest": 1, "honest_full": 1, "minutes": 1}')
    bench.write_document()
    written = document.read_text(encoding="utf-8")
    assert "\n| displayhook |" in written and "not tried" not in written
    (folder / "displayhook@stock.json").unlink()
    with pytest.raises(SystemExit, match="Not tried are 1, such as displayhook"):
        bench.write_document()
    assert document.read_text(encoding="utf-8") == written


def test_names_made_afresh_in_every_run_are_no_difference():
    pages = (
        f'<p id="{long}">loss</p><script>{{"model_id": "{short}"}} $("#{long}")</script> 0.5'
        for short, long in (
            ("add26abfcba3464fafcdf2acd2597b6c", "28b1117b-9222-4e35-95f5-7fc774e0f791"),
            ("ad3ee315eaf44476afd57bae16f8cd60", "b4f4150d-0c75-479d-955d-9daf69b96fcb"),
        )
    )
    assert len({plain(page) for page in pages}) == 1
    assert plain("<p>0.5</p>") != plain("<p>0.25</p>")

"""`make lab` opens the start page, and leaves the notebooks that are looked at as they were."""

import json
import shutil

import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager
from jupyterlab.labapp import LabApp
from traitlets.config.loader import PyFileConfigLoader

from autograder import CLONE

SETTINGS = CLONE / "tools" / "jupyter"
# What ipykernel tells JupyterLab, which writes it into each notebook that it opens.
OF_A_KERNEL = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.99.1",
}


@pytest.fixture(scope="module")
def settings():
    """What JupyterLab reads of ours."""
    return PyFileConfigLoader("jupyter_lab_config.py", path=str(SETTINGS)).load_config()


# The settings keep it quiet, and pytest has filters of its own.
@pytest.mark.filterwarnings("ignore:Overriding existing pre_save_hook")
def test_a_notebook_that_nobody_changed_is_saved_as_it_was(settings, fresh_course, tmp_path):
    shutil.copytree(fresh_course, tmp_path / "course")
    manager = FileContentsManager(config=settings, root_dir=str(tmp_path / "course"))
    paths = sorted(tmp_path.rglob("*.ipynb"))
    assert paths
    for path in paths:
        before = path.read_bytes()
        model = manager.get(path.relative_to(tmp_path / "course").as_posix())
        model["content"]["metadata"]["language_info"] = OF_A_KERNEL
        manager.save(model, model["path"])
        assert path.read_bytes() == before, path


def test_the_first_page_is_there_and_shown_as_a_page(settings):
    assert settings.ServerApp.root_dir == str(CLONE)
    prefix, path = settings.LabApp.default_url.split("/lab/tree/")
    assert prefix == "" and (CLONE / path).is_file()
    shown = json.loads((SETTINGS / "labconfig" / "default_setting_overrides.json").read_text())
    viewers = shown["@jupyterlab/docmanager-extension:plugin"]
    assert viewers == {"defaultViewers": {"markdown": "Markdown Preview"}}


def test_long_lines_of_code_are_wrapped():
    shown = json.loads((SETTINGS / "labconfig" / "default_setting_overrides.json").read_text())
    cells = shown["@jupyterlab/notebook-extension:tracker"]
    assert cells["codeCellConfig"]["lineWrap"] is True


def test_the_settings_are_some_that_there_are(settings):
    known = set(LabApp.class_trait_names())
    assert set(settings.LabApp) <= known
    assert set(settings.FileContentsManager) <= set(FileContentsManager.class_trait_names())

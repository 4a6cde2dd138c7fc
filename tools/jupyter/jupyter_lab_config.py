"""How `make lab` sets JupyterLab up: its first page, no questions to the network, files kept."""

import warnings
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821  traitlets defines it

# The whole clone, so that links from the notebooks to the solved ones and to docs/ lead somewhere.
c.ServerApp.root_dir = str(Path(__file__).resolve().parents[2])
c.LabApp.default_url = "/lab/tree/notebooks/README.md"

# JupyterLab's own news and its search for updates would ask the network.
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None


def without_version(model, **_):
    """Save a notebook without what JupyterLab writes into it of the Python that it finds.

    It does so whenever a notebook is opened, and saves it two minutes later, even where nobody has
    changed anything. Without this, git would call each notebook changed that was looked at.

    Args:
        model: what is to be saved, as jupyter_server's pre_save_hook gets it.
    """
    if model["type"] == "notebook" and "language_info" in model["content"]["metadata"]:
        metadata = model["content"]["metadata"]
        metadata["language_info"] = {"name": metadata["language_info"].get("name", "python")}


c.FileContentsManager.pre_save_hook = without_version
# jupyter_server reads its settings more than once, and then finds this hook in the way of itself.
warnings.filterwarnings("ignore", message="Overriding existing pre_save_hook")

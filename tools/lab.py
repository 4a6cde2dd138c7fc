"""JupyterLab as the course wants it, on its start page notebooks/README.md.

    python -m tools.lab

in the folder of the clone. Options are JupyterLab's own. The settings are in tools/jupyter/; a
reader's own settings count too, where these say nothing.
"""

import os
import sys
from pathlib import Path

from jupyterlab.labapp import main

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    before = os.environ.get("JUPYTER_CONFIG_PATH")
    places = [str(HERE / "jupyter"), *([before] if before else [])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(places)
    sys.exit(main())

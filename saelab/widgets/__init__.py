"""What a reader moves: sliders and pictures that answer a question of the notebooks' text.

Each takes the reader's own functions and draws what they return; none holds a formula.
"""

from saelab.widgets.filters import filter_explorer
from saelab.widgets.patch import patch_explorer
from saelab.widgets.whitening import whitening_explorer

__all__ = [
    "filter_explorer",
    "patch_explorer",
    "whitening_explorer",
]

"""Sliders and pictures that you can move, to answer questions in the notebooks' text.

Most take your own functions, or what these return, and draw that; some show what was stored.
None of them contains a formula.
"""

from saelab.widgets.batch import batch_explorer
from saelab.widgets.bottleneck import bottleneck_explorer
from saelab.widgets.delta import delta_explorer
from saelab.widgets.feature import feature_explorer
from saelab.widgets.filters import filter_explorer
from saelab.widgets.gradient import gradient_explorer
from saelab.widgets.kl import kl_explorer
from saelab.widgets.learning import learning_explorer
from saelab.widgets.museum import museum
from saelab.widgets.patch import patch_explorer
from saelab.widgets.penalty import penalty_explorer
from saelab.widgets.playground import playground
from saelab.widgets.sound import sound_explorer
from saelab.widgets.start import start_explorer
from saelab.widgets.training import training_monitor
from saelab.widgets.unit import unit_explorer
from saelab.widgets.whitening import whitening_explorer

__all__ = [
    "batch_explorer",
    "bottleneck_explorer",
    "delta_explorer",
    "feature_explorer",
    "filter_explorer",
    "gradient_explorer",
    "kl_explorer",
    "learning_explorer",
    "museum",
    "patch_explorer",
    "penalty_explorer",
    "playground",
    "sound_explorer",
    "start_explorer",
    "training_monitor",
    "unit_explorer",
    "whitening_explorer",
]

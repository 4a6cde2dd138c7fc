"""What a reader moves: sliders and pictures that answer a question of the notebooks' text.

Each takes the reader's own functions and draws what they return; none holds a formula.
"""

from saelab.widgets.playground import playground
from saelab.widgets.training import training_monitor

__all__ = ["playground", "training_monitor"]

"""Measure how well a network's filters look like edge detectors.

A Gabor function, a wave under a Gaussian bell, describes the receptive fields of simple cells in
the visual cortex (Jones and Palmer 1987), and sparse codes of natural pictures look the same
(Olshausen and Field 1996). So the question "did the network learn edges?" becomes a measurement:
fit a Gabor function to every row of W1, and see how much it explains.

The fit alone can be fooled. It does not see the scale of a filter, so it accepts a network whose
weights have shrunk to almost nothing. It also accepts waves that fill the whole patch, round spots,
and twenty-five copies of one edge. A verdict therefore rests on five numbers.

    quality = describe_filters(W1)
    print(quality.verdict())

`gabor` fits one filter, `measures` needs no fit, and `verdict` puts the numbers together.

Sources: J. P. Jones and L. A. Palmer, "An evaluation of the two-dimensional Gabor filter model of
simple receptive fields in cat striate cortex", J. Neurophysiology 58 (1987), 1233-1258. B. A.
Olshausen and D. J. Field, "Emergence of simple-cell receptive field properties by learning a sparse
code for natural images", Nature 381 (1996), 607-609.
"""

from saelab.quality.gabor import GOOD_R2, GaborFit, fit_gabor
from saelab.quality.verdict import Criterion, FilterQuality, describe_filters

__all__ = [
    "GOOD_R2",
    "Criterion",
    "FilterQuality",
    "GaborFit",
    "describe_filters",
    "fit_gabor",
]

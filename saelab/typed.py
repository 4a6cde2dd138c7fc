"""Short names for annotations. The shapes of arrays are told in docstrings."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# A student's, which may take and return anything.
Function = Callable[..., Any]

"""Short names for annotations; docstrings give the shapes of arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# A student's, which may take and return anything.
Function = Callable[..., Any]

"""What the course's notebooks import: data, pictures, checks, progress.

It contains no answer to any question that a notebook asks, but for `engine`, which students get
neither in their package nor while they are graded.

Importing it limits the linear algebra library to one thread. At the sizes of this course, more
threads make a training run about ten times slower, because they spend their time waiting for each
other. To use four threads, set `SAELAB_THREADS=4` in the environment.
"""

import os

from threadpoolctl import threadpool_limits

__version__ = "0.1.0"

_THREADS = os.environ.get("SAELAB_THREADS", "1")
# Libraries that are loaded already, such as numpy's ...
threadpool_limits(limits=int(_THREADS), user_api="blas")
# ... and those that are loaded later, such as scipy's own.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, _THREADS)

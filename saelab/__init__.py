"""What the course's notebooks import: data, pictures, checks, progress.

It holds no answer to a question that a notebook asks.

Importing it sets the linear algebra library to one thread. At the sizes of this course
more threads make a training run about ten times slower, because they spend their time
waiting for each other. `SAELAB_THREADS=4` in the environment asks for four.
"""

import os

import numpy  # noqa: F401  the library whose threads are limited has to be loaded first
from threadpoolctl import threadpool_limits

__version__ = "0.1.0"

threadpool_limits(limits=int(os.environ.get("SAELAB_THREADS", "1")), user_api="blas")

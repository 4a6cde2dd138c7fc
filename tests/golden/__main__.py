"""Write the golden files anew: python -m tests.golden [FOLDER OF A COURSE THAT WAS GRADED]."""

import sys
import tempfile
from pathlib import Path

from tests.golden.course import make
from tests.golden.files import found, write

with tempfile.TemporaryDirectory() as folder:
    write(found(Path(sys.argv[1]) if len(sys.argv) > 1 else make(Path(folder) / "course")))

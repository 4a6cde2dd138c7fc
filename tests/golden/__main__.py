"""Write the golden files anew: python -m tests.golden [FOLDER OF A COURSE THAT WAS GRADED]."""

import sys
import tempfile
from pathlib import Path

from autograder import demo
from tests.golden.files import found, write

if len(sys.argv) > 1:
    write(found(Path(sys.argv[1])))
else:
    with tempfile.TemporaryDirectory() as place:
        demo.main(Path(place, "demo"))
        write(found(Path(place, "demo")))

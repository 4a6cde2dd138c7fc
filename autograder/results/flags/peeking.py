"""Find code that looks at its grader, files or processes, or changes what it is compared with."""

import ast
import re
from collections.abc import Iterator

from autograder.results.flags.libraries import below
from autograder.results.flags.notebooks import Flag, Notebook, Piece, dotted, names_bound

CALLER = "looks at the code that calls it"
PYTHON = "reaches into Python's own objects"
# From a full name, which stands for all names below it too, to what is done with it.
NAMES = {
    "os.environ": "reads environment variables, by which it may tell that it is graded",
    "os.getenv": "reads environment variables, by which it may tell that it is graded",
    "os.environb": "reads environment variables, by which it may tell that it is graded",
    "sys._getframe": CALLER,
    "sys._current_frames": CALLER,
    "sys.settrace": "watches other code run",
    "sys.setprofile": "watches other code run",
    "sys.modules": "reaches for modules that others imported",
    "sys.displayhook": "changes or calls what displays results",
    "sys.excepthook": "changes or calls what displays errors",
    "inspect": CALLER,
    "traceback": CALLER,
    "gc": "looks for objects in memory",
    "ctypes": "reaches below Python, into memory",
    "_ctypes": "reaches below Python, into memory",
    "cffi": "reaches below Python, into memory",
    "subprocess": "starts programs",
    "multiprocessing": "starts processes",
    "pty": "starts programs",
    "socket": "opens connections",
    "urllib": "opens connections",
    "requests": "opens connections",
    "http": "opens connections",
    "signal": "sends or catches signals",
    "pickle": "makes or reads objects that can run code",
    "marshal": "makes or reads code",
    "dill": "makes or reads objects that can run code",
    "cloudpickle": "makes or reads objects that can run code",
    "builtins": "reaches for Python's builtins",
    "__builtins__": "reaches for Python's builtins",
    "autograder": "imports the grader",
    "nbgrader": "imports nbgrader",
    "saelab.expected": "reads the results of the checks",
    "saelab.check.compare": "uses what the checks are made of",
    "saelab.check.exercise": "uses what the checks are made of",
    "saelab.check.exercises": "uses what the checks are made of",
    "saelab.check.places": "uses what the checks are made of",
    "saelab.check.stored": "uses what the checks are made of",
    "IPython.get_ipython": "reaches for the notebook's machinery",
    "get_ipython.events": "hooks into the notebook's machinery",
    "get_ipython.input_transformers_cleanup": "hooks into the notebook's machinery",
    "get_ipython.input_transformers_post": "hooks into the notebook's machinery",
    "get_ipython.ast_transformers": "hooks into the notebook's machinery",
    "get_ipython.kernel": "hooks into the notebook's machinery",
    "get_ipython.run_cell": "hooks into the notebook's machinery",
    "get_ipython.set_custom_exc": "hooks into the notebook's machinery",
    "get_ipython.displayhook": "hooks into the notebook's machinery",
    "get_ipython.display_formatter": "hooks into the notebook's machinery",
    "get_ipython.user_ns": "hooks into the notebook's machinery",
    "get_ipython.system": "runs a command of the shell",
    "get_ipython.getoutput": "runs a command of the shell",
    "get_ipython.run_cell_magic": "runs a magic command",
    "exec": "runs code that is not to be seen",
    "eval": "runs code that is not to be seen",
    "compile": "runs code that is not to be seen",
    "globals": "reaches for all names of the notebook",
    "__import__": "imports in a roundabout way",
    "importlib": "imports in a roundabout way",
}  # fmt: skip
OF_OS = {
    **dict.fromkeys(("kill", "killpg", "_exit", "abort"), "ends processes"),
    **dict.fromkeys(("system", "popen", "fork", "forkpty", "posix_spawn"), "starts programs"),
    **dict.fromkeys(("walk", "listdir", "scandir", "readlink", "chdir"), "looks through folders"),
    **dict.fromkeys(("remove", "unlink", "rename", "symlink", "chmod"), "changes files"),
}
NAMES |= {f"os.{name}": what for name, what in OF_OS.items()}
ATTRIBUTES = {
    **dict.fromkeys(("f_back", "f_globals", "f_locals", "tb_frame", "gi_frame"), CALLER),
    **dict.fromkeys(("__globals__", "__code__", "__closure__", "__subclasses__"), PYTHON),
}
TEXTS = {
    r"NBGRADER|AUTOGRADER|SAELAB_PREVIOUS|JPY_PARENT_PID": "names a variable of the grader's",
    r"^/proc\b|^/sys\b|^/etc\b": "names a file of the system",
    r"HIDDEN TESTS|BEGIN SOLUTION": "names a mark of the instructor's notebook",
    r"gradebook|autograded/|submitted/|solutions/|saelab/expected|\.nbgrader": (
        "names a file or a folder of the grader's"
    ),
}
# Methods that compare or convert: with these an object can claim that it equals everything.
COMPARING = {"__eq__", "__ne__", "__le__", "__lt__", "__ge__", "__gt__", "__bool__", "__array__",
             "__array_ufunc__", "__array_function__", "__float__", "__reduce__"}  # fmt: skip
# What reads a file; each stands for all names below it too.
READERS = {"open", "io.open", "io.FileIO", "os.open", "os.fdopen", "numpy.load", "numpy.loadtxt",
           "numpy.fromfile",
           "numpy.genfromtxt", "numpy.memmap", "numpy.lib.format", "numpy.lib.npyio", "scipy.io",
           "json.load", "csv", "zipfile", "tarfile", "gzip", "bz2", "lzma", "sqlite3", "shelve",
           "dbm", "mmap", "h5py", "joblib", "tomllib.load", "configparser", "linecache",
           "fileinput", "codecs.open", "pkgutil.get_data", "runpy.run_path",
           "matplotlib.pyplot.imread", "matplotlib.image", "PIL.Image", "imageio",
           "torch.load"}  # fmt: skip
# Functions and methods of other libraries that do, by their own names: of a path, of pandas.
READING = re.compile(
    r"(read|load)_(text|bytes|csv|json|pickle|table|excel|hdf|parquet|feather|"
    r"fwf|xml|html|orc|stata|sas|sql|npy)|fromfile|loadmat|imread"
)
OPENERS = {"open", "io.open", "os.open", "pathlib.Path", "numpy.load", "numpy.loadtxt",
           "numpy.fromfile", "numpy.genfromtxt", "numpy.memmap", "runpy.run_path"}  # fmt: skip
# Magic commands that show or time, and do nothing else.
HARMLESS = {"matplotlib", "time", "timeit", "precision", "config"}
MODULES = ("numpy", "scipy", "saelab", "math", "random", "builtins", "sys", "os", "IPython", "json")


def peeking(notebook: Notebook) -> Iterator[Flag]:
    """Flags for what the code looks at besides its arguments."""
    for piece in notebook.pieces:
        flagged: set[str] = set()
        for node, what in [*named(notebook, piece), *others(notebook, piece)]:
            if what not in flagged:
                flagged.add(what)
                yield notebook.flag(piece, node, what)


def named(notebook: Notebook, piece: Piece) -> Iterator[tuple[ast.AST, str]]:
    own = {name for p in notebook.pieces for name in names_bound(p.node)}
    for node, full in notebook.full_names(piece):
        entry = below(full, NAMES)
        first = full.split(".")[0]
        if entry and first not in own:
            yield node, f"{NAMES[entry]} ({entry.replace('get_ipython.', 'get_ipython().')})"
        reader = below(full, READERS)
        if isinstance(node, (ast.Name, ast.Attribute)) and reader and first not in own:
            yield node, f"reads a file, which may hold results ({reader})"
        if isinstance(node, (ast.Import, ast.ImportFrom)) and first in notebook.beside:
            yield node, f"imports a module that was handed in, which may hold results ({first})"


def others(notebook: Notebook, piece: Piece) -> Iterator[tuple[ast.AST, str]]:
    docstrings = {id(text) for node in ast.walk(piece.node) for text in [docstring(node)] if text}
    for node in ast.walk(piece.node):
        if isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
            yield node, f"{ATTRIBUTES[node.attr]} ({node.attr})"
        elif isinstance(node, ast.Attribute) and READING.fullmatch(node.attr):
            yield node, f"reads a file, which may hold results ({node.attr})"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for pattern, what in TEXTS.items():
                found = re.search(pattern, node.value)
                if found and id(node) not in docstrings:
                    yield node, f"{what} ({found[0]})"
        elif isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name in COMPARING:
                    what = "defines objects that decide themselves what they equal"
                    yield part, f"{what} ({node.name}.{part.name})"
        elif isinstance(node, ast.Call):
            yield from called(notebook, node)
        for target in changed(node):
            for full in notebook.resolved(target):
                if full.split(".")[0] in MODULES:
                    yield node, f"changes a library ({full})"


def called(notebook: Notebook, call: ast.Call) -> Iterator[tuple[ast.AST, str]]:
    """(node, what it does) if a call opens a file, changes a library or runs a magic command."""
    full = (notebook.resolved(call.func) or [""])[0]
    first = call.args[0] if call.args else None
    text: object = first.value if isinstance(first, ast.Constant) else None
    if full in OPENERS and isinstance(text, str):
        # ".." alone is how a notebook finds its neighbours, and no less outside.
        if text.startswith(("/", "~", "..")) or "/.." in text:
            yield call, f"opens a file outside of its folder ({text[:40]})"
    elif full in ("setattr", "delattr") and first is not None:
        for name in notebook.resolved(first):
            if name.split(".")[0] in MODULES:
                yield call, f"changes a library ({name})"
    elif full == "get_ipython.run_line_magic" and text not in HARMLESS:
        yield call, f"runs a magic command (%{text})"


def changed(node: ast.AST) -> list[ast.Attribute]:
    """The attributes that a statement assigns to or deletes."""
    if isinstance(node, (ast.Assign, ast.Delete)):
        targets: list[ast.expr] = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        targets = [node.target]
    else:
        return []
    parts = [part for target in targets for part in ast.walk(target)]
    return [p for p in parts if isinstance(p, ast.Attribute) and not isinstance(p.ctx, ast.Load)
            and dotted(p)]  # fmt: skip


def docstring(node: ast.AST) -> ast.Constant | None:
    """The node of the text that a function or class starts with, or None."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            return first.value
    return None

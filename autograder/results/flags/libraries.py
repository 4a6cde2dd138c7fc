"""Find libraries that do what a function of the course was to do."""

from collections.abc import Collection, Iterator

from autograder.exercises import exercises
from autograder.results.flags.notebooks import Flag, Notebook

# From a full name, which stands for all names below it too, to what the library does. This is for
# every function; each exercise adds its own libraries.
DERIVATIVES = dict.fromkeys(
    ("torch", "tensorflow", "keras", "jax", "autograd", "theano", "aesara", "casadi",
     "numdifftools", "sympy"),
    "which takes derivatives by itself",
)  # fmt: skip


def libraries(notebook: Notebook) -> Iterator[Flag]:
    """Flags for functions that call a library instead of doing what they were to do.

    Exercises in which any library may be used are left out.
    """
    own = {name: asked for name, asked in exercises().items() if asked.libraries is not None}
    for name, asked in own.items():
        severe, mild = DERIVATIVES | dict(asked.libraries or {}), asked.mild_libraries
        for piece in notebook.made_of(name):
            if piece.where != name and piece.where in own:
                continue  # it gets its own flags
            seen = set()
            for node, full in notebook.full_names(piece):
                for table in (severe, mild):
                    library = below(full, table)
                    if library and library not in seen and name != library:
                        seen.add(library)
                        what = f"uses {library}, {table[library]}"
                        yield notebook.flag(piece, node, what, mild=table is mild)


def below(full: str, table: Collection[str]) -> str | None:
    """The entry of a table that a full name belongs to, or None."""
    words = full.split(".")
    prefixes = (".".join(words[:n]) for n in range(len(words), 0, -1))
    return next((prefix for prefix in prefixes if prefix in table), None)

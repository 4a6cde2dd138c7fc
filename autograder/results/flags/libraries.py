"""Libraries that do what a function of the course was to do."""

from collections.abc import Collection, Iterator

from autograder.results.flags.reading import Flag, Notebook

# From a full name, which stands for all below it too, to what it does. For every function:
DERIVATIVES = dict.fromkeys(
    ("torch", "tensorflow", "keras", "jax", "autograd", "theano", "aesara", "casadi",
     "numdifftools", "sympy"),
    "which takes derivatives by itself",
)  # fmt: skip
DIFFERENCES = {
    "scipy.optimize.approx_fprime": "which takes the differences",
    "scipy.optimize.check_grad": "which takes the differences",
    "scipy.optimize._numdiff": "which takes the differences",
    "scipy.differentiate": "which takes the differences",
    "scipy.misc.derivative": "which takes the differences",
}
NETWORKS = {"sklearn.neural_network": "which is a network with its training"}
OWN_DIFFERENCES = {
    "numerical_gradient": "so that the gradient is measured, not derived",
    "previous.numerical_gradient": "so that the gradient is measured, not derived",
}
LIBRARIES = {
    "numerical_gradient": DIFFERENCES,
    "autoencoder_cost": DIFFERENCES | NETWORKS | OWN_DIFFERENCES,
    "sparse_autoencoder_cost": DIFFERENCES | NETWORKS | OWN_DIFFERENCES,
    "feed_forward": NETWORKS,
    "sample_patches": {"sklearn.feature_extraction.image": "which cuts patches"},
    "tile_filters": {
        "skimage.util.montage": "which tiles pictures",
        "torchvision.utils.make_grid": "which tiles pictures",
    },
}
# Right code, and little of it; whether it is the exercise is for the instructor to say.
MILD = {
    "sigmoid": {
        "scipy.special.expit": "which is the sigmoid",
        "scipy.stats.logistic": "which has the sigmoid",
        "sklearn.utils.extmath": "which has the sigmoid",
    },
    "kl_divergence": {
        "scipy.special.rel_entr": "which is half of the divergence",
        "scipy.special.kl_div": "which is half of the divergence",
        "scipy.stats.entropy": "which has the divergence",
    },
    "sample_patches": {
        "numpy.lib.stride_tricks": "which has all windows of a picture",
        "skimage.util.view_as_windows": "which has all windows of a picture",
        "skimage.util.shape": "which has all windows of a picture",
    },
    "normalize_patches": {"sklearn.preprocessing": "which scales data"},
    "maximal_inputs": {"sklearn.preprocessing": "which scales data"},
}
EXERCISES = {*LIBRARIES, *MILD, "whiten", "initialize_parameters", "unpack_parameters",
             "average_activation", "sparsity_delta", "relative_error", "block_errors"}  # fmt: skip


def libraries(notebook: Notebook) -> Iterator[Flag]:
    """Flags for functions that call a library in place of what they were to do.

    `train` is none of them: it is to use SciPy.
    """
    for name in EXERCISES:
        severe, mild = DERIVATIVES | LIBRARIES.get(name, {}), MILD.get(name, {})
        for piece in notebook.made_of(name):
            if piece.where != name and piece.where in EXERCISES:
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

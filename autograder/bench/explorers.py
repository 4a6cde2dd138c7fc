"""The explorers of saelab.widgets, made from the reference's functions as notebooks make them.

FACTORIES has one entry for each; CHANGES one for those that are not moved by their controls.
"""

from autograder.reference import reference
from saelab import widgets


def start_explorer():
    own = reference("02_cost")
    return widgets.start_explorer(own.initialize_parameters, own.feed_forward, own.slope)


def kl_explorer():
    own = reference("03_kl_delta")
    return widgets.kl_explorer(own.kl_divergence, own.sparsity_delta)


def delta_explorer():
    own = reference("03_kl_delta")
    return widgets.delta_explorer(
        own.sparse_autoencoder_cost, own.sparsity_delta, own.average_activation, own.feed_forward,
        own.slope,
    )  # fmt: skip


def gradient_explorer():
    own, earlier = reference("04_gradient_check"), reference("03_kl_delta")
    return widgets.gradient_explorer(
        own.numerical_gradient, own.one_sided, own.relative_error, earlier.sparse_autoencoder_cost
    )


FACTORIES = {
    "start_explorer": start_explorer,
    "kl_explorer": kl_explorer,
    "delta_explorer": delta_explorer,
    "gradient_explorer": gradient_explorer,
}
CHANGES = {}

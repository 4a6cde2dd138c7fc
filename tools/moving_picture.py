"""Make docs/pictures/filters.gif, README's first picture: the filters of notebook 05 as they form.

    python -m tools.moving_picture

It trains as notebook 05 does, with the reference solution, and takes some ten seconds.
"""

import numpy as np

from autograder import CLONE, demo
from autograder.exercises.reference import reference
from saelab.widgets import training_monitor

TARGET = CLONE / "docs" / "pictures" / "filters.gif"


def main() -> None:
    rng = np.random.default_rng(0)
    patches = demo.sample_data(demo.white_images(), rng)
    network, sparse = reference("02_cost"), reference("03_kl_delta")
    monitor = training_monitor(
        reference("05_training").train, sparse.sparse_autoencoder_cost, network.unpack_parameters,
        network.feed_forward, sparse.average_activation,
        network.initialize_parameters(64, 25, rng), patches, maxiter=400,
    )  # fmt: skip
    monitor.run()
    monitor.save_gif(TARGET, seconds=8)
    print(f"wrote {TARGET.relative_to(CLONE)}, {TARGET.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()

"""The sparse autoencoder on more examples than fit into memory. It answers notebook 07.

    blocks = file_blocks("patches.npy")                    # (64, 5 000 000), 2.5 GB
    objective = Objective(blocks, 64, 25, 1e-4, 0.01, 3)
    cost, grad = objective(theta)                          # those of sparse_autoencoder_cost
    result = fit(objective, theta, 400, "checkpoint.npz")  # goes on where it was interrupted

Blocks are any sequence of arrays (visible_size, m_k), or one of the sources imported here;
`write_blocks` writes a file for one. Threads, processes and clusters: see docs/engine.md.
"""

from saelab.engine.blocks import array_blocks, dask_blocks, file_blocks, patch_blocks, write_blocks
from saelab.engine.objective import Objective
from saelab.engine.training import fit

__all__ = [
    "Objective", "array_blocks", "dask_blocks", "file_blocks", "fit", "patch_blocks",
    "write_blocks",
]  # fmt: skip

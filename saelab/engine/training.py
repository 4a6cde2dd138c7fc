"""Train by L-BFGS, with checkpoints from which a training that was interrupted goes on."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult, minimize

from saelab import progress
from saelab.engine.blocks import at_least_one
from saelab.engine.objective import Objective
from saelab.files import whole
from saelab.typed import Array

FORMAT = 1  # of checkpoints


def fit(
    objective: Objective, theta0: ArrayLike, maxiter: int, checkpoint: str | Path | None = None
) -> OptimizeResult:
    """Minimise the objective by scipy's L-BFGS-B, under a progress bar.

    After each iteration a checkpoint takes its place whole, so that Ctrl-C, or whatever else ends
    the process, costs the current iteration at most. (A power failure may cost the checkpoint: no
    iteration waits for the disk.) If there is one, the training goes on from it.

    Args:
        objective: from theta (n,) to the cost and its gradient (n,).
        theta0: (n,), where to begin if there is no checkpoint.
        maxiter: how many iterations there may be, those before the checkpoint included.
        checkpoint: the path of a file.

    Returns:
        As scipy's minimize; `nit` counts those before the checkpoint, too.

    Raises:
        FloatingPointError: if the cost or its gradient is not finite. The checkpoint stays.
        OSError: if the checkpoint cannot be read or written.
        ValueError: if it is damaged, or of another problem. It stays.
    """
    theta, done = objective.parameters(theta0), 0
    at_least_one(maxiter, "maxiter")
    problem = _problem(objective) if checkpoint else {}
    if checkpoint and os.path.exists(checkpoint):
        theta, done = _read(checkpoint, problem, objective)
        print(
            f"goes on after iteration {done}; L-BFGS's memory began anew, so this is not the path "
            "of a training without a break"
        )

    def evaluated(theta: Array) -> tuple[float, Array]:
        cost, grad = objective(theta)
        if not (np.isfinite(cost) and np.isfinite(grad).all()):
            raise FloatingPointError(
                f"in iteration {done + 1} the cost is {cost}, and {np.sum(~np.isfinite(grad))} of "
                f"{grad.size} numbers of its gradient are not finite: look at the data, at where "
                "it began, and for units that never or always fire"
            )
        return cost, grad

    def reached(intermediate_result: OptimizeResult) -> None:
        nonlocal done
        done += 1
        save(intermediate_result.x)
        bar.update()

    def save(theta: Array) -> None:
        about = json.dumps({"done": done, "problem": problem})
        if checkpoint:
            with whole(checkpoint) as part, part.open("wb") as file:
                np.savez(file, theta=theta, about=about)

    save(theta)  # a path that cannot be written is told now
    if done >= maxiter:
        cost, grad = evaluated(theta)
        message = "all iterations were done before"
        return OptimizeResult(x=theta, fun=cost, jac=grad, nit=done, success=False, message=message)
    with progress.bar(maxiter, "training", "iteration") as bar:
        bar.update(done)
        options = {"maxiter": maxiter - done, "maxfun": np.inf}
        result = minimize(
            evaluated, theta, jac=True, method="L-BFGS-B", callback=reached, options=options
        )
        bar.finish("converged" if result.success else "ended")
    result.nit = done
    return result


def _problem(objective: Objective) -> dict[str, Any]:
    """What a checkpoint must agree with; of the data their number, and the first and last block."""
    blocks, (visible_size, hidden_size, dtype) = objective.blocks, objective.network.sizes
    ends = [np.asarray(blocks[k]).tobytes() for k in (0, -1) if len(blocks)]
    digest = hashlib.sha256(b"".join(ends))
    m = getattr(blocks, "m", None)
    return {
        "the format of checkpoints": FORMAT,
        "visible_size": visible_size,
        "hidden_size": hidden_size,
        **{name: float(getattr(objective, name)) for name in ("lambda_", "rho", "beta")},
        "dtype": dtype.name,
        "the number of examples": sum(np.shape(block)[1] for block in blocks) if m is None else m,
        "the digest of the first and last block": digest.hexdigest()[:16],
    }


def _read(
    checkpoint: str | Path, problem: dict[str, Any], objective: Objective
) -> tuple[Array, int]:
    """The parameters in a checkpoint of this problem, and the number of iterations."""
    other = "give another path, or remove it to begin anew"
    try:
        with np.load(checkpoint, allow_pickle=False) as stored:
            theta, about = stored["theta"], json.loads(str(stored["about"]))
        theirs, done = dict(about["problem"]), int(about["done"])
    except OSError:
        raise
    except Exception as error:  # whatever a damaged file triggers in numpy's reader
        raise ValueError(f"{checkpoint} is damaged, or no checkpoint; {other}") from error
    here = problem.items()
    if differ := [
        f"{k} is {theirs.get(k)} there and {v} here" for k, v in here if theirs.get(k) != v
    ]:
        raise ValueError(f"{checkpoint} is of another problem: {', '.join(differ)}; {other}")
    try:
        return objective.parameters(theta), done
    except ValueError as error:
        raise ValueError(f"{checkpoint} is damaged: {error}; {other}") from error

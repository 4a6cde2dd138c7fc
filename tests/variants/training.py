"""Right functions of notebook 05, each written in another way than the reference.

Read as text by tests.variants, never imported.
"""

# ruff: noqa


def train(theta0, cost, maxiter, callback=None):
    options = {"maxiter": maxiter, "maxfun": 10**6, "ftol": 1e-12}
    return minimize(
        lambda t: cost(t)[0],
        theta0,
        jac=lambda t: cost(t)[1],
        callback=callback,
        method="l-bfgs-b",
        options=options,
    )


def train(theta0, cost, maxiter, callback=None):
    from scipy.optimize import OptimizeResult, fmin_l_bfgs_b

    x, fun, told = fmin_l_bfgs_b(cost, theta0, maxiter=maxiter, callback=callback)
    return OptimizeResult(x=x, fun=fun, nit=told["nit"], message=told["task"])


def train(theta0, cost, maxiter, callback=None):
    def after_each(theta):
        print("one more")
        if callback is not None:
            callback(theta.copy())

    return minimize(
        cost,
        theta0.copy(),
        (),
        "L-BFGS-B",
        True,
        callback=after_each,
        options=dict(maxiter=maxiter),
    )

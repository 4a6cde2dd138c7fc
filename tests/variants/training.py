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


def train(theta0, cost, maxiter, callback=None):
    from scipy import optimize

    options = {}
    options["maxiter"] = maxiter
    return optimize.minimize(
        fun=cost,
        x0=np.copy(theta0),
        jac=True,
        method="L-BFGS-B",
        callback=callback,
        options=options,
    )


def train(theta0, cost, maxiter, callback=None):
    hook = callback if callback is not None else (lambda theta: None)
    result = minimize(
        cost,
        theta0,
        method="L-BFGS-B",
        jac=True,
        callback=hook,
        options={"maxiter": int(maxiter), "gtol": 1e-7},
    )
    print(result.message)
    return result


def train(theta0, cost, maxiter, callback=None):
    from scipy.optimize import OptimizeResult, fmin_l_bfgs_b

    theta, value, told = fmin_l_bfgs_b(
        func=lambda t: cost(t)[0],
        x0=theta0,
        fprime=lambda t: cost(t)[1],
        maxiter=maxiter,
        maxfun=10 * maxiter + 100,
        callback=callback,
    )
    result = OptimizeResult()
    result.x, result.fun, result.nit, result.message = theta, value, told["nit"], told["task"]
    return result


from functools import partial

lbfgs = partial(minimize, jac=True, method="L-BFGS-B")


def train(theta0, cost, maxiter, callback=None):
    return lbfgs(cost, theta0, callback=callback, options={"maxiter": maxiter})


train = lambda theta0, cost, maxiter, callback=None: minimize(
    cost, theta0, jac=True, method="L-BFGS-B", callback=callback, options={"maxiter": maxiter}
)


def train(theta0, cost, maxiter, callback=None):
    kept = {}

    def value(theta):
        key = theta.tobytes()
        if key not in kept:
            kept.clear()
            kept[key] = cost(theta)
        return kept[key][0]

    def gradient(theta):
        value(theta)
        return np.asarray(kept[theta.tobytes()][1])

    return minimize(
        value,
        theta0,
        jac=gradient,
        method="L-BFGS-B",
        callback=callback,
        options={"maxiter": maxiter, "maxcor": 20, "maxls": 30},
    )


def train(theta0, cost, maxiter, callback=None):
    def told(intermediate_result):
        if callback:
            callback(intermediate_result.x)

    return minimize(
        cost, theta0, jac=True, method="L-BFGS-B", callback=told, options=dict(maxiter=maxiter)
    )


def train(theta0, cost, maxiter, callback=None):
    start = np.array(theta0, dtype=np.float64, order="C")
    settings = dict(method="L-BFGS-B", jac=True, options={"maxiter": maxiter, "maxfun": 100000})
    if callback:
        settings["callback"] = lambda theta: callback(np.array(theta))
    return minimize(lambda theta: cost(theta), start, **settings)

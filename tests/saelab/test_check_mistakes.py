"""Wrong functions fail the visible checks, which name what is wrong, and lose points.

Each is an edit of the reference's own text, so that it stays what it is called when the reference
changes. Most of these mistakes were found in published solutions of the exercise.
"""

import re
from collections import Counter

import pytest

from saelab.check import CheckFailed, check

# Below each function: mistake | words of the message | old text => new text | ...
TABLE = r'''
whiten
    no mirror | wrong in | np.pad(image, margin, mode="reflect") => np.pad(image, margin)
    edge repeated | wrong in | "reflect" => "symmetric"
    margin left | has shape (112, 128) | [margin:-margin, margin:-margin] =>
    f0 ignored | f0 = 0.25 | frequency / f0 => frequency / 0.4
    no f | wrong in | * frequency * np.exp => * np.exp
    a bell | wrong in | f0) ** 4 => f0) ** 2
    not real | complex | .real[ => [
    absolute | wrong in | np.fft.ifft2(spectrum).real => abs(np.fft.ifft2(spectrum))
    standard deviation 0.1 | 0.316228 times | np.sqrt(0.1 / white.var()) => 0.1 / white.std()
    not scaled | times what it should be | * np.sqrt(0.1 / white.var()) =>
sample_patches
    one index | row and column of the windows hang together
        | column = rng.integers(width - patch_size + 1) => column = row
    first picture only | picture 1 | rng.integers(n_images) => 0
    last picture never | no patch comes from picture 2
        | rng.integers(n_images) => rng.integers(n_images - 1)
    half of the rows | windows start at rows 0 to 3
        | rng.integers(height - patch_size + 1) => rng.integers(4)
    column by column | read column by column | ].ravel() => ].T.ravel()
    patches in rows | is it transposed? | return patches => return patches.T
    sizes of the exercise | stopped with ValueError | (height - patch_size + 1) => (504)
    NumPy's own chance | from rng | row = rng.integers( => row = np.random.randint(
    a seed of its own | rng used at all
        | = images.shape => = images.shape; rng = np.random.default_rng(1)
    whole numbers | whole numbers | n_patches)) => n_patches), dtype=int)
    mean taken off | not a 4x4 window | return patches => return patches - images.mean()
    across the border | of 4000 columns are not a 4x4 window | width - patch_size + 1) => width)
        | image[row : row + patch_size, column : column + patch_size].ravel()
          => image.ravel().take(np.add.outer(np.arange(4) * width, np.arange(4)) + row * width +
            column, mode='wrap').ravel()
    pictures changed | argument number 1 in place | return patches => images -= 1; return patches
    unfilled | columns are not a 4x4 window | np.empty => np.zeros
        | range(n_patches) => range(n_patches - 1)
normalize_patches
    one mean for all | wrong in | patches.mean(axis=0) => patches.mean()
    means of pixels | wrong in | patches.mean(axis=0) => patches.mean(axis=1, keepdims=True)
    no mean | wrong in | - patches.mean(axis=0) =>
    sigma before | wrong in | centred.std() => patches.std()
    sigma of each patch | wrong in | centred.std() => centred.std(axis=0)
    n - 1 | wrong in | centred.std() => centred.std(ddof=1)
    not cut off | far outliers | np.clip(centred, -limit, limit) => centred
    two sigma | wrong in | 3 * centred => 2 * centred
    from 0 to 1 | wrong in | 0.4 * => 0.5 *
    in place | argument number 1 in place
        | centred = patches - patches.mean(axis=0)
          => patches -= patches.mean(axis=0); centred = patches
sigmoid
    the sign | is 0.377 | np.exp(-z) => np.exp(z)
    overflow | is nan in 1 of 5 | 1 / (1 + np.exp(-z)) => np.exp(z) / (1 + np.exp(z))
    numbers only | TypeError | 1 + np.exp(-z) => 1 + __import__('math').exp(-z)
    rounded | digits only | np.exp(-z) => np.exp(-z).round(5)
    in place | changes its argument number 1 in place
        | return 1 / (1 + np.exp(-z)) => z *= -1; return 1 / (1 + np.exp(z))
    no return | is None: is the return | return 1 / (1 => 1 / (1
    its slope | sigmoid is not right | (1 + np.exp(-z)) => (2 + np.exp(-z) + np.exp(z))
initialize_parameters
    too wide | in W1 lies outside | hidden_size + 1) => hidden_size)
    a little narrow | reaches further | np.sqrt(6 / (visible_size + hidden_size + 1)) => 0.25
    far too narrow | spreads 0.71 times | np.sqrt(6 / => np.sqrt(3 /
    on one side | mean of W1 | uniform(-r, r, => uniform(0, r,
    normal | lies outside | rng.uniform(-r, r, => rng.normal(0, r,
    NumPy's own chance | from rng | = rng.uniform => = np.random.uniform
    a seed of its own | rng used at all | = rng. => = np.random.default_rng(0).
    biases too | the biases, the last 89
        | np.zeros(hidden_size + visible_size) => rng.uniform(size=hidden_size + visible_size)
    biases left out | should have shape (3289,) | , np.zeros(hidden_size + visible_size) =>
    W2 like W1 | same numbers as W1
        | rng.uniform(-r, r, size=2 * hidden_size * visible_size)
          => np.tile(rng.uniform(-r, r, size=hidden_size * visible_size), 2)
    all zero | spreads 0.00 times | uniform(-r, r, => uniform(-0, 0,
unpack_parameters
    column by column | W1 is wrong in
        | [:n_weights].reshape(hidden_size, visible_size)
          => [:n_weights].reshape(hidden_size, visible_size, order='F')
    W1 transposed | W1 has shape (3, 2), but should have shape (2, 3): is it transposed?
        | reshape(hidden_size, visible_size) => reshape(visible_size, hidden_size)
    W1 and W2 swapped | transposed | return W1, W2 => return W2, W1
    b1 and b2 swapped | b1 has shape (3,) | b1, b2\n    ### => b2, b1\n    ###
    b2 before b1 | b1 is wrong in 2 of 2 entries
        | b1 = theta[2 * n_weights : 2 * n_weights + hidden_size]
          => b1 = theta[2 * n_weights + visible_size :]
        | b2 = theta[2 * n_weights + hidden_size :] => b2 = theta[2 * n_weights :][:visible_size]
    b2 left out | not 3 things | W2, b1, b2\n    ### => W2, b1\n    ###
feed_forward
    b1 left out | a2 is | @ data + b1[:, None] => @ data
    b2 left out | a3 is | @ a2 + b2[:, None] => @ a2
    no sigmoid at the end | a3 is | a3 = sigmoid( => a3 = (
    sigmoid twice | a2 is | a2 = sigmoid(W1 => a2 = sigmoid(sigmoid(W1
        | None])\n    a3 => None]))\n    a3
    tied weights | a3 is | sigmoid(W2 @ => sigmoid(W1.T @
    a2 and a3 swapped | a2 has shape (4, 5) | return a2, a3 => return a3, a2
    examples in rows | is it transposed? | return a2, a3 => return a2.T, a3.T
both costs
    lambda / m | respect to W1 | / m + lambda_ * W1 => / m + lambda_ / m * W1
    lambda missing in the gradient | respect to W2 | / m + lambda_ * W2 => / m
    lambda missing in the cost | the cost is | lambda_ / 2 * ( => 0 * (
    no half in the decay | the cost is | lambda_ / 2 => lambda_
    1/m missing | respect to W1 | delta2 @ data.T / m => delta2 @ data.T
    m hard-coded | the cost is | m = data.shape[1] => m = 10000
    m the number of pixels | the cost is | m = data.shape[1] => m = data.shape[0]
    factor 1/2 | the cost is | / (2 * m) => / m
    mean over all entries | the cost is | np.sum(error**2) / (2 * m) => np.mean(error**2) / 2
    f'(z3) missing | respect to b2 | error * a3 * (1 - a3) => error
    f'(z2) missing | respect to b1 | * a2 * (1 - a2) =>
    f'(z2) twice | respect to W1 | * a2 * (1 - a2) => * a2 * (1 - a2) * a2 * (1 - a2)
    slope of the slope | respect to b1 | * (1 - a2) => * (1 - a2 * (1 - a2))
    the error's sign | the gradient with | error = a3 - data => error = data - a3
    wrong matrix | respect to W1 | W2.T @ delta3 => W1 @ delta3
    tied weights | respect to W2 | delta3 @ a2.T / m + lambda_ * W2 => W1_grad.T
    biases decayed | the cost is | np.sum(W2**2)) => np.sum(W2**2) + b1 @ b1 + b2 @ b2)
        | delta2.mean(axis=1) => delta2.mean(axis=1) + lambda_ * b1
        | delta3.mean(axis=1) => delta3.mean(axis=1) + lambda_ * b2
    bias gradient summed | respect to b1 | delta2.mean(axis=1) => delta2.sum(axis=1)
    bias gradient of one example | respect to b2 | delta3.mean(axis=1) => delta3[:, 0]
    bias gradient over units | gradient has shape | delta3.mean(axis=1) => delta3.mean(axis=0)
    column by column | respect to W1 | W1_grad.ravel() => W1_grad.ravel('F')
    W2 before W1 | respect to W1
        | [W1_grad.ravel(), W2_grad.ravel(), => [W2_grad.ravel(), W1_grad.ravel(),
    b2 before b1 | respect to b1 | b1_grad, b2_grad] => b2_grad, b1_grad]
    the cost alone | but it returned a float64 | return cost, np.concat => return cost; np.concat
    five things | it returned 5 things
        | np.concatenate([W1_grad.ravel(), W2_grad.ravel(), b1_grad, b2_grad])
          => W1_grad, W2_grad, b1_grad, b2_grad
    not put together | rows have different lengths | np.concatenate([ => list([
    cost not exact | cost is right to 6 digits only | return cost, => return cost * (1 + 4e-7),
    not finite | gradient with respect to b2 is nan in 1 of
        | b2_grad = delta3.mean(axis=1) => b2_grad = delta3.mean(axis=1); b2_grad[1] = np.nan
    theta changed | argument number 1 in place
        | m = data.shape[1] => m = data.shape[1]; theta *= 1.5
average_activation
    over units | has shape (5,) | axis=1 => axis=0
    over everything | has shape (), but should have shape (3,) | axis=1 =>
    the sum | wrong in 3 of 3 | mean(axis=1) => sum(axis=1)
    two dimensions | has shape (3, 1) | axis=1 => axis=1, keepdims=True
    m - 1 | wrong in | mean(axis=1) => sum(axis=1) / max(1, a2.shape[1] - 1)
kl_divergence
    the sign | wrong sign everywhere | return rho => return -rho | + (1 => - (1
    log2 | is 1.4427 times what it should be | return rho * np.log( => return rho * np.log2(
        | rho) * np.log( => rho) * np.log2(
    half of it | wrong in | + (1 - rho) * np.log((1 - rho) / (1 - rho_hat)) =>
    the other way round | wrong in
        | """\n    ### BEGIN SOLUTION => """\n    rho, rho_hat = rho_hat, rho
    summed | has shape ()
        | return rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
          => return np.sum(rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 -
            rho_hat)))
    the middle sign | wrong in | + (1 - rho) => - (1 - rho)
sparsity_delta
    the sign | wrong sign everywhere | beta * ( => -beta * (
    a minus missing | wrong in | -rho / => rho /
    beta missing | times what it should be | beta * ( => (
    half of it | wrong in | + (1 - rho) / (1 - rho_hat) =>
    divided by the number of units | 0.25 times | beta * ( => beta / rho_hat.size * (
    with the slope | wrong in | beta * ( => beta * rho_hat * (1 - rho_hat) * (
sparse_autoencoder_cost
    sparsity missing in delta | respect to b1 | + pull[:, None] =>
    KL outside of f'(z) | respect to W1
        | (W2.T @ delta3 + pull[:, None]) * a2 * (1 - a2)
          => W2.T @ delta3 * a2 * (1 - a2) + pull[:, None]
    KL's sign | respect to W1 | + pull[:, None] => - pull[:, None]
    KL times m | respect to b1 | + pull[:, None] => + m * pull[:, None]
    KL over m | respect to b1 | + pull[:, None] => + pull[:, None] / m
    KL over hidden units | respect to b1 | + pull[:, None] => + pull[:, None] / hidden_size
    mean of KL | the cost is | np.sum(kl_div => np.mean(kl_div
    beta missing | the cost is | penalty = beta * => penalty =
    penalty missing | the cost is | + decay + penalty => + decay
    KL per example | wrong | sparsity_delta(rho, rho_hat, beta) => sparsity_delta(rho, a2, beta)
        | pull[:, None] => pull
    KL on the output layer | stopped with ValueError
        | average_activation(a2) => average_activation(a3)
    mean over units | stopped with ValueError | average_activation(a2) => a2.mean(axis=0)
    mean over all entries of a2 | the cost is
        | average_activation(a2) => np.full(hidden_size, a2.mean())
numerical_gradient
    one-sided | approximated? | cost(theta - step)) / (2 * epsilon) => cost(theta)) / epsilon
    no 2 | [0]: 76 | (2 * epsilon) => epsilon
    epsilon ignored | epsilon = 0.1 | step[i] = epsilon => step[i] = epsilon = 1e-4
    epsilon squared | wrong in | (2 * epsilon) => (2 * epsilon**2)
    all entries at once | wrong in | step[i] => step[:]
    a pair not expected | stopped with TypeError
        | value[0] if isinstance(value, tuple) else value => value
    the pair's gradient | [2]: 7,
        | return gradient => return J(theta)[1] if isinstance(J(theta), tuple) else gradient
    theta changed | changes its argument number 2 in place
        | gradient[i] = ( => theta += step; gradient[i] = (
        | cost(theta + step) - cost(theta - step) => cost(theta) - cost(theta - 2 * step)
    whole numbers | wrong in
        | gradient = np.zeros_like(theta) => gradient = np.zeros(theta.shape, int)
relative_error
    division by zero | is nan | / size if size else 0.0 => / size
    one length only | is 1.666 | + np.linalg.norm(b) =>
    length of the sum | is 1 | np.linalg.norm(a) + np.linalg.norm(b) => np.linalg.norm(a + b)
    squares | is 1
        | return np.linalg.norm(a - b) / size
          => return np.linalg.norm(a - b)**2 / (np.linalg.norm(a)**2 + np.linalg.norm(b)**2)
    entry by entry | has shape (2,) | return np.linalg.norm(a - b) => return abs(a - b)
block_errors
    W1 for all | W2 is | relative_error(a, b) => relative_error(own[0], numerical[0])
    with itself | W1 is zero
        | unpack_parameters(numerical_gradient(cost, theta), => unpack_parameters(grad,
    names mixed up | b2 is | "b1", "b2") => "b2", "b1")
    one left out | has no b2 | "b1", "b2") => "b1")
    left out, and wrong | W1 is zero | "b1", "b2") => "b1")
        | unpack_parameters(numerical_gradient(cost, theta), => unpack_parameters(grad,
train
    maxiter forgotten | with maxiter = 3 it made | {"maxiter": maxiter} => {}
    maxiter as it likes | its minimum is 0 | "maxiter": maxiter => "maxiter": 10
    nobody called | callback was called 0 times | callback=callback, =>
    called at each evaluation | called with theta0 first | callback=callback, =>
        | cost,\n        theta0
          => lambda t: (callback and callback(t), cost(t))[1],\n        theta0
    called with the cost | should be called with theta
        | callback=callback => callback=callback and (lambda t: callback(cost(t)[0]))
    theta alone | returned ndarray
        | options={"maxiter": maxiter},\n    ) => options={"maxiter": maxiter},\n    ).x
    no gradient | stopped with | jac=True, =>
    start changed | argument number 1 in place
        | return minimize( => theta0 += 0.1; return minimize(
    another cost told | result.fun is not
        | return minimize( => return (lambda r: r.update(fun=2 * r.fun + 1) or r)(minimize(
        | maxiter},\n    ) => maxiter},\n    ))
maximal_inputs
    columns | wrong in | axis=1 => axis=0
    dead unit | is nan in 4 of 12 | np.where(length == 0, 1, length) => length
    all together | wrong in | , axis=1, keepdims=True =>
    largest is 1 | wrong in
        | np.linalg.norm(W1, axis=1, keepdims=True) => np.abs(W1).max(axis=1, keepdims=True)
    square of the length | wrong in | keepdims=True) => keepdims=True)**2
tile_filters
    grey gaps | wrong in | -np.ones(( => np.zeros((
    gap forgotten | gap = 2 | """\n    ### BEGIN SOLUTION => """\n    gap = 1
    no gap around | shape
        | np.ones((rows * (p + gap) + gap, columns * (p + gap) + gap))
          => np.ones((rows * (p + gap), columns * (p + gap)))
        | gap + row * (p + gap), gap + column => row * (p + gap), column
    column by column | wrong in | filter_.reshape(p, p) => filter_.reshape(p, p).T
    filled downwards | wrong in
        | row, column = divmod(i, columns) => column, row = divmod(i, rows)
    last row lost | one place stays empty | rows = -(-n // columns) => rows = n // columns
    never common | scale = "common" | scale == "common" => scale == "shared"
    always common | wrong in | if scale == "common" => if True
    from 0 to 1 | wrong in | return picture => return (picture + 1) / 2
    zeros | Tried: a filter of zeros | np.where(largest == 0, 1, largest) => largest
'''
COSTS = ("autoencoder_cost", "sparse_autoencoder_cost")


def mistakes():
    """Rows (function, mistake, words, edits) of the table."""
    for block in re.split(r"\n(?=\S)", TABLE.strip()):
        function, *lines = block.splitlines()
        for row in re.split(r"\n {4}(?=\S)", "\n" + "\n".join(lines))[1:]:
            row = " ".join(line.strip() for line in row.splitlines())
            mistake, words, *edits = row.replace("\\n", "\n").split(" | ")
            edits = [part.strip() for edit in edits for part in (edit + " ").split(" => ")]
            for name in COSTS if function == "both costs" else (function,):
                yield name, mistake, words, edits


ROWS = list(mistakes())
# The hidden test of sample_patches, of thousands of patches, is slow; test_properties has its
# sizes.
GRADED = [r for r in ROWS if r[0] != "sample_patches"]


def every(rows):
    names = [f"{name}: {mistake}" for name, mistake, *_ in rows]
    return pytest.mark.parametrize("name, mistake, words, edits", rows, ids=names)


@every(ROWS)
def test_a_mistake_is_told(course, name, mistake, words, edits, capfd):
    with pytest.raises(CheckFailed) as failed:
        check(course.edited(name, *edits))
    assert str(failed.value).startswith(f"{name} is not right yet:\n")
    assert words in " ".join(str(failed.value).split())
    assert capfd.readouterr() == ("", "")


@every(GRADED)
def test_a_mistake_costs_points(course, name, mistake, words, edits, capfd):
    earned, most = course.points(course.edited(name, *edits), name)
    assert 0 <= earned < most
    assert capfd.readouterr().err == ""


def test_there_are_three_mistakes_at_least_of_every_function(course):
    counts = Counter(row[0] for row in ROWS)
    assert sorted(counts) == course.names and min(counts.values()) >= 3

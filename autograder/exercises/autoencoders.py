"""Notebook 00: hidden problems and known mistakes of shares, principal components and angles."""

from collections.abc import Iterator

import numpy as np

from autograder.exercises.exercise import SLACK, UNTOUCHED, Exercise, mistake
from saelab.check.exercise import Probe
from saelab.check.exercises.autoencoders import cloud


def _share_explained(rng: np.random.Generator) -> Iterator[Probe]:
    for v, m, noise in ((6, 11, 0.3), (9, 4, 1.0), (3, 40, 0.05), (5, 5, 3.0)):
        data = rng.normal(size=(v, m)) + 3 * rng.normal(size=(v, 1))
        rebuilt = data + noise * rng.normal(size=(v, m))
        yield Probe(f"{m} examples of {v} numbers", (data, rebuilt))


def _pca_bottleneck(rng: np.random.Generator) -> Iterator[Probe]:
    def numbers(*shape: int) -> np.ndarray:
        return rng.uniform(-1, 1, size=shape)

    for v, m, k, shares, variance in (
        (6, 40, 3, (0.35261, 0.60318, 0.78147, 0.90425, 0.96893, 1.0), 5.0),
        (8, 30, 1, (0.29864, 0.50391, 0.67215, 0.79936, 0.88742, 0.94853, 0.98127, 1.0), 0.8),
        (10, 6, 2, (0.40286, 0.70143, 0.87914, 0.96758, 1.0), 3.0),
        (4, 25, 4, (0.49751, 0.80264, 0.95138, 1.0), 9.0),
    ):
        # So little that no two directions get nearly the same variance.
        varied = np.diff(shares, prepend=0.0) * rng.uniform(0.95, 1.05, len(shares))
        given = cloud(numbers, v, m, np.cumsum(varied) / varied.sum(), variance)
        yield Probe(f"{m} examples of {v} numbers, k = {k}", (given, k, SLACK))


def _principal_angles(rng: np.random.Generator) -> Iterator[Probe]:
    for n, p, q, common in ((6, 2, 2, 0), (7, 3, 2, 0), (9, 2, 4, 0), (5, 1, 1, 0), (12, 5, 6, 3)):
        A = rng.normal(size=(n, p)) * rng.uniform(0.2, 5, size=p)
        B = np.hstack([A @ rng.normal(size=(p, common)), rng.normal(size=(n, q - common))])
        if common:
            B = B @ (np.eye(q) + 0.2 * rng.normal(size=(q, q)))
        says = f"{p} and {q} columns of {n} numbers"
        yield Probe(f"{says}, {common} directions in common" if common else says, (A, B))


# --- known mistakes of the share -------------------------------------------------------------


MEAN = "data.mean(axis=1, keepdims=True)"
ERROR, SPREAD = "np.sum((data - rebuilt) ** 2)", "np.sum((data - x_bar) ** 2)"

SHARE = (
    mistake(
        "mean not taken off",
        "The error is compared with the size of the data themselves, not with how far they lie "
        "from their mean. Look at what the lower sum adds up.",
        ("(data - x_bar) ** 2", "data**2"),
    ),
    mistake(
        "one mean for all",
        "One mean is taken of all numbers of all examples. Look at what the mean of the examples "
        "is: it has a number for each place.",
        (MEAN, "data.mean()"),
    ),
    mistake(
        "mean of each example",
        "Each example loses the mean of its own numbers. Look at the direction of the mean: an "
        "example is a column.",
        ("axis=1, keepdims", "axis=0, keepdims"),
    ),
    mistake(
        "mean of what was rebuilt",
        "The spread is measured around the mean of the reconstructions. Look at whose mean the "
        "formula takes.",
        (MEAN, "rebuilt.mean(axis=1, keepdims=True)"),
    ),
    mistake(
        "spread of what was rebuilt",
        "The lower sum is the spread of the reconstructions. Look at which of the two arrays the "
        "formula has there.",
        (SPREAD, "np.sum((rebuilt - rebuilt.mean(axis=1, keepdims=True)) ** 2) + 0 * x_bar.sum()"),
    ),
    mistake(
        "share that is lost",
        "What comes back is the share that is lost. Look at the first term of the formula.",
        ("return 1 - np.sum", "return np.sum"),
    ),
    mistake(
        "sign",
        "The share comes back with the opposite sign. Look at which term is taken from which.",
        (f"1 - {ERROR} / {SPREAD}", f"{ERROR} / {SPREAD} - 1"),
    ),
    mistake(
        "standard deviations",
        "Lengths are compared where their squares should be. Look for a root: variances add up, "
        "and lengths do not.",
        (f"{ERROR} / {SPREAD}", f"np.sqrt({ERROR} / {SPREAD})"),
    ),
    mistake(
        "absolute errors",
        "Absolute differences are added up, not their squares. Look at what the bars and the small "
        "2 in the formula mean.",
        (ERROR, "np.sum(np.abs(data - rebuilt))"),
        (SPREAD, "np.sum(np.abs(data - x_bar))"),
    ),
    mistake(
        "squared after the sum",
        "Differences are added up before they are squared, so that they cancel. Look at the "
        "brackets.",
        (ERROR, "np.sum(data - rebuilt) ** 2"),
    ),
    mistake(
        "upside down",
        "The two sums have changed places. Look at which of them stands above the line.",
        (f"{ERROR} / {SPREAD}", f"{SPREAD} / {ERROR}"),
    ),
    mistake(
        "per cent",
        "The share comes back in per cent. Look at what a perfect reconstruction is to get.",
        (f"return 1 - {ERROR} / {SPREAD}", f"return 100 * (1 - {ERROR} / {SPREAD})"),
    ),
    mistake(
        "mean of shares of each number",
        "The mean of a share for each of the numbers comes back. Look at how far each sum of the "
        "formula runs: a number that varies little counts for little.",
        (f"{ERROR} / {SPREAD}",
         "np.mean(np.sum((data - rebuilt) ** 2, axis=1) / np.sum((data - x_bar) ** 2, axis=1))"),
    ),
    mistake(
        "share of each number",
        "There is a share for each of the numbers. Look at how far each sum of the formula runs.",
        (f"{ERROR} / {SPREAD}",
         "np.sum((data - rebuilt) ** 2, axis=1) / np.sum((data - x_bar) ** 2, axis=1)"),
    ),
    mistake(
        "share of each example",
        "There is a share for each example. Look at what the formula adds up over.",
        (f"{ERROR} / {SPREAD}",
         "np.sum((data - rebuilt) ** 2, axis=0) / np.sum((data - x_bar) ** 2, axis=0)"),
    ),
    mistake(
        "constant errors left out",
        "An error that is the same for all examples costs nothing: the spread of the errors is "
        "taken, not their size. Look at the upper sum.",
        (ERROR, "np.sum((data - rebuilt - (data - rebuilt).mean(axis=1, keepdims=True)) ** 2)"),
    ),
    mistake(
        "error averaged",
        "The error is an average and the spread is a sum. Look at whether both are divided by the "
        "same number.",
        (ERROR, "np.mean((data - rebuilt) ** 2)"),
    ),
    mistake(
        "plain variance",
        "The spread is that of all numbers around one mean, and the error is a sum. Look at both.",
        (SPREAD, "np.var(data) + 0 * x_bar.sum()"),
    ),
    mistake(
        "never below zero",
        "A share below 0 comes back as 0. Look at what the formula says of a reconstruction that "
        "is worse than the mean.",
        ("return 1 - np.sum((data - rebuilt) ** 2) / np.sum((data - x_bar) ** 2)",
         "return max(0.0, 1 - np.sum((data - rebuilt) ** 2) / np.sum((data - x_bar) ** 2))"),
    ),
    mistake(
        "in place",
        "The data have lost their mean after the call. Look for a step that writes into the array "
        "that came in.",
        (ERROR, "np.sum((data - rebuilt) ** 2) / np.sum((data - x_bar) ** 2) * "
                "np.sum(np.square(np.subtract(data, x_bar, out=data)))"),
        (SPREAD, "np.sum(data**2)"),
    ),
    mistake(
        "no return",
        "The share is computed, but nothing comes back. Look at the last line of the function.",
        ("return 1", "1"),
    ),
)  # fmt: skip


# --- known mistakes of principal components --------------------------------------------------


OF_MEAN, COVARIANCE = "data.mean(axis=1)", "np.cov(data)"
TOP = "vectors[:, ::-1][:, :k]"
KEPT = "values[::-1][:k].sum() / values.sum()"
RETURN = "return mean, U, share"

PCA = (
    mistake(
        "examples in rows",
        "Each row is taken for an example, and each column for one of its numbers. Look at the "
        "shape of the data in the docstring.",
        (OF_MEAN, "data.mean(axis=0)"),
        (COVARIANCE, "np.cov(data.T)"),
    ),
    mistake(
        "covariance of the examples",
        "The covariances are those between examples, so that U has a row for each of them. Look at "
        "which way round the data lie.",
        (COVARIANCE, "np.cov(data.T)"),
    ),
    mistake(
        "mean of each example",
        "The mean has a number for each example. Look at what it runs over: it is a picture, the "
        "average of all.",
        (OF_MEAN, "data.mean(axis=0)"),
    ),
    mistake(
        "mean of everything",
        "The mean is a single number. Look at what it runs over: each place in an example has its "
        "own.",
        (OF_MEAN, "data.mean()"),
    ),
    mistake(
        "mean as a column",
        "The mean has two dimensions, as a column. Look at its shape in the docstring.",
        (OF_MEAN, "data.mean(axis=1, keepdims=True)"),
    ),
    mistake(
        "median",
        "What stands for the mean is the median. Look at which average the formula has.",
        (OF_MEAN, "np.median(data, axis=1)"),
    ),
    mistake(
        "sum for mean",
        "The mean is a sum: it was not divided by the number of examples. Look at the size of it.",
        (OF_MEAN, "data.sum(axis=1)"),
    ),
    mistake(
        "mean of zeros",
        "The mean comes back as zeros, as if the data had been shifted for good. Look at which "
        "array it is the mean of.",
        (OF_MEAN, "(data - data.mean(axis=1, keepdims=True)).mean(axis=1).round(9)"),
    ),
    mistake(
        "mean not taken off",
        "The mean was not taken off before products were averaged, so the first direction points "
        "at it. Look at the brackets in the formula of C.",
        (COVARIANCE, "data @ data.T / data.shape[1]"),
    ),
    mistake(
        "one mean taken off",
        "One mean of all numbers was taken off before products were averaged. Look at the mean in "
        "the formula of C: it is an example.",
        (COVARIANCE, "(data - data.mean()) @ (data - data.mean()).T"),
    ),
    mistake(
        "own mean taken off",
        "Each example has lost the mean of its own numbers. Look at which mean the formula of C "
        "takes off.",
        (COVARIANCE, "np.cov(data - data.mean(axis=0))"),
    ),
    mistake(
        "correlation",
        "Each number was scaled to variance 1 first: these are the directions of the correlations. "
        "Look at which matrix the formula asks for.",
        (COVARIANCE, "np.corrcoef(data)"),
    ),
    mistake(
        "smallest",
        "U and the share are those of the directions in which the data vary least. Look at the "
        "order in which eigenvalues come.",
        (TOP, "vectors[:, :k]"),
        (KEPT, "values[:k].sum() / values.sum()"),
    ),
    mistake(
        "smallest directions",
        "U has the directions in which the data vary least, though the share is right. Look at the "
        "order in which eigenvectors come.",
        (TOP, "vectors[:, :k]"),
    ),
    mistake(
        "smallest variances",
        "The share is that of the smallest eigenvalues, though U is right. Look at the order in "
        "which eigenvalues come.",
        (KEPT, "values[:k].sum() / values.sum()"),
    ),
    mistake(
        "in ascending order",
        "U has the right directions, the one of the largest variance last. Look at the order that "
        "the docstring asks for.",
        (TOP, "vectors[:, -k:]"),
    ),
    mistake(
        "rows of eigenvectors",
        "U is made of rows of the matrix of eigenvectors. Look at where that matrix has its "
        "eigenvectors.",
        (TOP, "vectors[:, ::-1][:k].T"),
    ),
    mistake(
        "transposed",
        "U has its directions as rows. Look at its shape in the docstring.",
        (TOP, "vectors[:, ::-1][:, :k].T"),
    ),
    mistake(
        "all directions",
        "U has all directions there are. Look at where k is used.",
        (TOP, "vectors[:, ::-1]"),
    ),
    mistake(
        "one direction less",
        "U has a column less than k. Look at where counting begins and ends.",
        (TOP, "vectors[:, ::-1][:, : k - 1]"),
    ),
    mistake(
        "first one left out",
        "The direction of the largest variance is left out, and the next k come. Look at where "
        "counting begins.",
        (TOP, "vectors[:, -2 : -k - 2 : -1]"),
    ),
    mistake(
        "scaled by deviations",
        "Each column of U is as long as the data spread along it. Look at the length that the "
        "docstring asks for.",
        (TOP, "vectors[:, ::-1][:, :k] * np.sqrt(np.abs(values[::-1][:k]))"),
    ),
    mistake(
        "scaled by variances",
        "Each column of U is multiplied by its eigenvalue. Look at the length that the docstring "
        "asks for.",
        (TOP, "vectors[:, ::-1][:, :k] * values[::-1][:k]"),
    ),
    mistake(
        "projection",
        "U is the matrix that projects, with as many columns as rows. Look at its shape in the "
        "docstring: it has the directions only.",
        (TOP, "vectors[:, ::-1][:, :k] @ vectors[:, ::-1][:, :k].T"),
    ),
    mistake(
        "projected data",
        "U has what the directions say of the examples. Look at what the docstring asks for: the "
        "directions themselves.",
        (TOP, "(data - mean[:, None]).T @ vectors[:, ::-1][:, :k]"),
    ),
    mistake(
        "share of deviations",
        "The share is that of standard deviations. Look for a root, or for singular values that "
        "should be squared.",
        (KEPT, "np.sqrt(np.abs(values[::-1][:k])).sum() / np.sqrt(np.abs(values)).sum()"),
    ),
    mistake(
        "share of squares",
        "The share is that of squared eigenvalues. Look at whether something is squared that is a "
        "variance already.",
        (KEPT, "(values[::-1][:k] ** 2).sum() / (values**2).sum()"),
    ),
    mistake(
        "share of the last one",
        "The share is that of direction number k alone. Look at the formula: shares of all "
        "directions up to it add up.",
        (KEPT, "values[::-1][k - 1] / values.sum()"),
    ),
    mistake(
        "share of the first one",
        "The share is that of the first direction alone, whatever k is. Look at the upper sum of "
        "the formula.",
        (KEPT, "values[-1] / values.sum()"),
    ),
    mistake(
        "shares one by one",
        "There is a share for each direction, where their sum is asked for. Look at the upper sum "
        "of the formula.",
        (KEPT, "values[::-1][:k] / values.sum()"),
    ),
    mistake(
        "share of what is kept",
        "The kept variance is divided by itself, so that the share is always 1. Look at how far "
        "the lower sum runs.",
        (KEPT, "values[::-1][:k].sum() / values[::-1][:k].sum()"),
    ),
    mistake(
        "share that is lost",
        "The share is what is lost. Look at which eigenvalues stand above the line.",
        (KEPT, "1 - values[::-1][:k].sum() / values.sum()"),
    ),
    mistake(
        "not divided",
        "The variance that is kept comes back, and no share of all. Look at the lower sum of the "
        "formula.",
        (KEPT, "values[::-1][:k].sum()"),
    ),
    mistake(
        "per cent",
        "The share comes back in per cent. Look at what it is when all is kept.",
        (KEPT, "100 * values[::-1][:k].sum() / values.sum()"),
    ),
    mistake(
        "average of variances",
        "Averages of eigenvalues are divided where sums should be. Look at both in the formula.",
        (KEPT, "values[::-1][:k].mean() / values.mean()"),
    ),
    mistake(
        "another order of results",
        "The three results come in another order. Look at the docstring for which is first.",
        (RETURN, "return U, mean, share"),
    ),
    mistake(
        "no share",
        "Two results come back where there should be three. Look at the docstring.",
        (RETURN, "return mean, U"),
    ),
    mistake(
        "in place",
        "The data have lost their mean after the call. Look for a step that writes into the array "
        "that came in.",
        (COVARIANCE, "np.cov(np.subtract(data, mean[:, None], out=data))"),
    ),
    mistake(
        "no return",
        "All is computed, but nothing comes back. Look at the last line of the function.",
        (RETURN, "mean, U, share"),
    ),
)


# --- known mistakes of angles ----------------------------------------------------------------


Q_A, Q_B = "Q_A, _ = np.linalg.qr(A)", "Q_B, _ = np.linalg.qr(B)"
COSINES = "np.linalg.svd(Q_A.T @ Q_B, compute_uv=False)"
ANGLES = "np.degrees(np.arccos(np.minimum(cosines, 1)))"

ANGLE = (
    mistake(
        "radians",
        "The angles come in radians. Look at the unit in the docstring.",
        (ANGLES, "np.arccos(np.minimum(cosines, 1))"),
    ),
    mistake(
        "the largest first",
        "The angles come in the opposite order. Look at which one the docstring wants first.",
        (ANGLES, f"{ANGLES}[::-1]"),
    ),
    mistake(
        "the largest only",
        "Only the largest angle comes back. Look at how many the docstring asks for.",
        (ANGLES, f"{ANGLES}.max()"),
    ),
    mistake(
        "cosines",
        "What comes back are the cosines. Look at the last step.",
        (f"return {ANGLES}", "return cosines"),
    ),
    mistake(
        "sines",
        "Each angle is what is missing to 90 degrees. Look at which function the singular values "
        "are values of.",
        ("np.arccos", "np.arcsin"),
    ),
    mistake(
        "squared cosines",
        "The angles are those whose cosines are squares. Look at which matrix the singular values "
        "are of, and whether a root is missing.",
        ("np.minimum(cosines, 1)", "np.minimum(cosines, 1) ** 2"),
    ),
    mistake(
        "roots of cosines",
        "The angles are those whose cosines are roots. Look for a root that singular values have "
        "had already.",
        ("np.minimum(cosines, 1)", "np.sqrt(np.minimum(cosines, 1))"),
    ),
    mistake(
        "not made orthonormal",
        "The columns of both arrays are used as they are. Look at what has to be done with them "
        "before the product.",
        (Q_A, "Q_A = A"),
        (Q_B, "Q_B = B"),
    ),
    mistake(
        "columns of length 1 only",
        "All columns have got length 1, but are not at right angles. Look at what orthonormal "
        "means.",
        (Q_A, "Q_A = A / np.linalg.norm(A, axis=0)"),
        (Q_B, "Q_B = B / np.linalg.norm(B, axis=0)"),
    ),
    mistake(
        "A as it is",
        "The columns of A are used as they are. Look at what has to be done with both arrays.",
        (Q_A, "Q_A = A"),
    ),
    mistake(
        "B as it is",
        "The columns of B are used as they are. Look at what has to be done with both arrays.",
        (Q_B, "Q_B = B"),
    ),
    mistake(
        "divided by the largest entry",
        "Each array is scaled as a whole, and its columns are not made orthonormal. Look at what "
        "that takes.",
        (Q_A, "Q_A = A / np.linalg.norm(A)"),
        (Q_B, "Q_B = B / np.linalg.norm(B)"),
    ),
    mistake(
        "column by column",
        "Each column of one space is compared with the column of the other at the same place. Look "
        "at what singular values do that single products do not.",
        (COSINES, "np.sort(np.abs(np.diag(Q_A.T @ Q_B)))[::-1]"),
    ),
    mistake(
        "nearest columns",
        "For each column of A the nearest column of B is taken. Look at what singular values do "
        "that single products do not.",
        (COSINES, "np.sort(np.abs(Q_A.T @ Q_B).max(axis=1))[::-1]"),
    ),
    mistake(
        "all products",
        "There is an angle for each pair of columns. Look at what is done with the matrix of "
        "products.",
        (COSINES, "np.abs(Q_A.T @ Q_B)"),
    ),
    mistake(
        "spaces of rows",
        "The rows of both arrays are taken for what spans the spaces. Look at the docstring.",
        (Q_A, "Q_A, _ = np.linalg.qr(A.T)"),
        (Q_B, "Q_B, _ = np.linalg.qr(B.T)"),
    ),
    mistake(
        "the other factor",
        "The triangular factors are used, which do not span the spaces. Look at which of the two "
        "things is taken.",
        (Q_A, "_, Q_A = np.linalg.qr(A)"),
        (Q_B, "_, Q_B = np.linalg.qr(B)"),
    ),
    mistake(
        "mean taken off",
        "The columns have lost their means first. Look at what is to be compared: spaces through "
        "the origin.",
        (Q_A, "Q_A, _ = np.linalg.qr(A - A.mean(axis=0))"),
        (Q_B, "Q_B, _ = np.linalg.qr(B - B.mean(axis=0))"),
    ),
    mistake(
        "a matrix of the largest size",
        "There are as many angles as columns in the larger array. Look at how many the docstring "
        "says.",
        (COSINES, "np.linalg.svd(Q_A.T @ Q_B, compute_uv=False)\n"
                  "    cosines = np.append(cosines, [0] * abs(A.shape[1] - B.shape[1]))"),
    ),
    mistake(
        "twice the angle",
        "Each angle is twice as large as it should be. Look at what is multiplied.",
        (ANGLES, f"2 * {ANGLES}"),
    ),
    mistake(
        "degrees the wrong way",
        "The numbers are turned from degrees to radians once more. Look at the unit of what the "
        "arc cosine gives.",
        ("np.degrees", "np.radians"),
    ),
    mistake(
        "distance",
        "One number comes back, the length of all angles together. Look at how many the docstring "
        "asks for.",
        (ANGLES, f"np.linalg.norm({ANGLES})"),
    ),
    mistake(
        "in place",
        "A is not the same after the call. Look for a step that writes into the array that came "
        "in.",
        (Q_A, "A /= np.linalg.norm(A, axis=0); Q_A, _ = np.linalg.qr(A)"),
    ),
    mistake(
        "no return",
        "The angles are computed, but nothing comes back. Look at the last line of the function.",
        (f"return {ANGLES}", ANGLES),
    ),
)  # fmt: skip


EXERCISES = (
    Exercise(
        "share_explained",
        _share_explained,
        mistakes=SHARE,
        not_together=(("plain variance", "error averaged"),),
        libraries={"sklearn.metrics": "which has measures of errors"},
        sample={"dan": UNTOUCHED},
    ),
    Exercise(
        "pca_bottleneck",
        _pca_bottleneck,
        mistakes=PCA,
        libraries={"sklearn.decomposition": "which has PCA"},
        sample={"dan": UNTOUCHED, "hugo": ((COVARIANCE, "np.cov(data.T)"),)},
    ),
    Exercise(
        "principal_angles",
        _principal_angles,
        mistakes=ANGLE,
        libraries={"scipy.linalg.subspace_angles": "which has these angles"},
        sample={"dan": UNTOUCHED},
    ),
)

"""What happens to each number between the products, in loops that Numba compiles.

Each number is read and written once. Most of the time goes into the exponential, for which NumPy
has fast code on processors with AVX-512 only. So here is one that a compiler can turn into
instructions for many numbers at once: exp(z) = 2^n 2^f, n whole, f between -1/2 and 1/2.
"""

import functools
import math
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

# For each type: its whole numbers, how many bits of it are a fraction, the bias of its exponent,
# the degree of the polynomial for 2^f that it takes, and the z beyond which exp(z) does not fit.
FORMS: dict[str, tuple[Any, int, int, int, float]] = {
    "float64": (np.int64, 52, 1023, 10, 709.4),
    "float32": (np.int32, 23, 127, 6, 88.3),
}


@functools.cache
def steps(dtype: "np.dtype[Any]") -> tuple[Callable[..., None], ...]:
    """The functions activate, compare and differentiate for one type of numbers.

    Each writes its result over its first argument, (units, m_k), and adds the sum of each row to
    its last one, (units,), which is float64.
    """
    number = dtype.type
    whole, bits, bias, degree, limit = FORMS[dtype.name]
    shift, one, zero = whole(bits), number(1), number(0)
    log2_e, limit = number(1 / math.log(2)), number(limit / math.log(2))
    # Added to t, it leaves the nearest whole number, plus the bias, in the last bits of the sum.
    rounder = number(1.5 * 2.0**bits + bias)
    near = np.polynomial.Chebyshev.interpolate(np.exp2, degree, domain=[-0.5, 0.5])
    series = tuple(map(number, near.convert(kind=np.polynomial.Polynomial).coef[::-1]))
    compiled: Any = functools.partial(numba.njit, error_model="numpy", nogil=True)
    # Without "reassoc", by which the compiler might cancel the rounding.
    exact = compiled(fastmath={"contract", "nsz", "arcp"})
    # Sums in any order, so that many numbers are added at once.
    loop = compiled(fastmath={"contract", "nsz", "arcp", "reassoc"})

    @exact
    def sigmoid(z: Any) -> Any:
        t = min(max(-z * log2_e, -limit), limit)
        rounded = number(t + rounder)
        f = t - (rounded - rounder)
        power = series[0]
        for coefficient in series[1:]:
            power = power * f + coefficient
        scale = whole(rounded.view(whole) << shift).view(number)
        return zero if t >= limit else one / (one + power * scale)

    @loop
    def activate(z: Any, b: Any, total: Any) -> None:
        """From z to a = sigmoid(z + b)."""
        for j in range(z.shape[0]):
            row = zero
            for i in range(z.shape[1]):
                z[j, i] = sigmoid(z[j, i] + b[j])
                row += z[j, i]
            total[j] += row

    @loop
    def compare(z: Any, b: Any, x: Any, error: Any, total: Any) -> None:
        """From z to delta3 = (a - x) a (1 - a); (a - x)^2 / 2 is added to error, (1,)."""
        for j in range(z.shape[0]):
            row = squares = zero
            for i in range(z.shape[1]):
                a = sigmoid(z[j, i] + b[j])
                difference = a - x[j, i]
                squares += difference * difference
                z[j, i] = difference * a * (one - a)
                row += z[j, i]
            error[0] += squares / 2
            total[j] += row

    @loop
    def differentiate(q: Any, a: Any, extra: Any, total: Any) -> None:
        """From q to delta2 = (q + extra) s, and from a to s = a (1 - a)."""
        for j in range(q.shape[0]):
            row = zero
            for i in range(q.shape[1]):
                a[j, i] *= one - a[j, i]
                q[j, i] = (q[j, i] + extra[j]) * a[j, i]
                row += q[j, i]
            total[j] += row

    return activate, compare, differentiate

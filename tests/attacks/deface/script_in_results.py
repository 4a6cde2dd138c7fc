"""Returns texts, keys and types that are HTML, to be quoted in what the tests say."""

ASSIGNMENT = "04_gradient_check"
CODE = """
BAD = "<script>'mallory-was-here'</script><img src=x onerror='mallory-was-here'>"
turn = [0]

def NAME(*args, **kwargs):
    turn[0] += 1
    return [BAD, {BAD: BAD}, type(BAD, (), {})(), np.array([BAD]), [BAD] * 2][turn[0] % 5]
"""


def submit(work):
    work.answer_all(CODE)

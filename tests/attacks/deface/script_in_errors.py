"""Raises errors whose names, texts and tracebacks are HTML, in a cell and in each function."""

CODE = """
BAD = "<script>'mallory-was-here'</script><img src=x onerror='mallory-was-here'>"
Error = type(BAD, (ValueError,), {})

class Rendered(ValueError):
    def _render_traceback_(self):
        return [BAD, "\\x1b]8;;javascript:alert(1)\\x07mallory\\x1b[31m" + BAD]

def NAME(*args, **kwargs):
    raise (Error if len(args) % 2 else Rendered)(BAD)
NAME.__name__ = BAD
"""


def submit(work):
    work.answer_all(CODE)
    work.insert("raise Error(BAD)", "end")
    work.insert("raise Rendered(BAD)", "end")

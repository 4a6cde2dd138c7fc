"""One function is an object of which no attribute can be asked, and raises an error like it."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
class Evil(type(Exception)):
    def __getattribute__(cls, name):
        raise SystemExit(name)

class Error(Exception, metaclass=Evil):
    def __getattribute__(self, name):
        raise SystemExit(name)

class Function:
    def __getattr__(self, name):
        raise SystemExit(name)
    def __call__(self, *args):
        raise Error

initialize_parameters = Function()
""",
    )

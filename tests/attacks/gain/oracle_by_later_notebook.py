"""In notebook 03: asks for functions of 03 itself and of later notebooks from saelab.previous."""

ASSIGNMENT = "03_kl_delta"
CODE = """
from saelab import previous

def NAME(*args, **kwargs):
    for notebook in ("03_kl_delta", "../03_kl_delta/03_kl_delta", "04_gradient_check", "."):
        for name in ("NAME", "sparse_autoencoder_cost"):
            try:
                return previous.functions(notebook, name)(*args, **kwargs)
            except Exception:
                pass
    import sys
    agent = sys.modules["autograder.kernel.inside.agent"].agent
    return agent.call_offered("03_kl_delta.NAME", args, kwargs)
"""


def submit(work):
    work.answer_all(CODE)

"""Hands in a numpy.py, a saelab folder and an autograder.py beside the notebook."""

SHADOW = '''
"""mallory-was-here"""
import sys, os
here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != here]
for name in [n for n in sys.modules if n.split(".")[0] == "{name}"]:
    del sys.modules[name]
import importlib
module = importlib.import_module("{name}")
try:
    from saelab.check import compare
    compare.difference = lambda *args, **kwargs: None
    compare.result_differences = compare.cost_differences = lambda *a, **k: {{}}
except ImportError:
    pass
sys.modules["{name}"] = module
'''


def submit(work):
    for name in ("numpy", "scipy", "matplotlib", "saelab"):
        work.file(f"{name}.py", SHADOW.format(name=name))
    work.file("saelab/__init__.py", SHADOW.format(name="saelab"))
    work.file("sitecustomize.py", SHADOW.format(name="saelab"))
    work.file(".pth", "import saelab.check.compare")
    work.answer_all("def NAME(*args, **kwargs):\n    return 0.0, 0.0")

"""Hands in an nbgrader_config.py and Jupyter settings that switch the grading off."""

CONFIG = """
c = get_config()
c.Execute.enabled = False
c.ExecutePreprocessor.enabled = False
c.Autograde.autograde_preprocessors = []
c.SaveAutoGrades.enabled = False
c.OverwriteCells.enabled = False
"""


def submit(work):
    for name in ("nbgrader_config.py", "jupyter_config.py", "ipython_config.py", ".env"):
        work.file(name, CONFIG)
    work.file("nbgrader_config.json", '{"Autograde": {"autograde_preprocessors": []}}')
    work.file("ipython_config.json", '{"InteractiveShellApp": {"exec_lines": ["x = 1"]}}')

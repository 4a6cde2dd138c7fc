"""Has metadata that end up in the page: title, language, tags, cell ids, collapsed flags."""

BAD = '"><script>"mallory-was-here"</script>'


def submit(work):
    work.notebook.metadata.title = BAD
    work.notebook.metadata.authors = [{"name": BAD}]
    work.notebook.metadata.language_info = {
        "name": BAD, "pygments_lexer": BAD, "codemirror_mode": BAD, "file_extension": BAD,
        "mimetype": BAD,
    }  # fmt: skip
    for cell in work.notebook.cells:
        cell.metadata["tags"] = [BAD, 'x" onclick="mallory-was-here']
        cell.metadata["slideshow"] = {"slide_type": BAD}
        cell.metadata["jupyter"] = {"source_hidden": BAD}
    work.insert("1", "end").id = 'x" onclick="mallory-was-here'

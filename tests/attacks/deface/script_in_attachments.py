"""Attaches pictures to Markdown cells whose names and types break out of the page."""


def submit(work):
    cell = work.insert("![x](attachment:a.png) ![y](attachment:b.png)", kind="markdown")
    cell["attachments"] = {
        "a.png": {'image/png" onload="mallory-was-here': "AAAA"},
        "b.png": {"image/png": '" onerror="mallory-was-here" x="'},
    }

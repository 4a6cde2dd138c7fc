"""Hands in, and makes while graded, widget state that ends its script element and begins one."""

BAD = "</script><script>'mallory-was-here'</script>"


def submit(work):
    work.notebook.metadata.widgets = {
        "application/vnd.jupyter.widget-state+json": {
            "version_major": 2, "version_minor": 0,
            "state": {"a": {"model_name": "HTMLModel", "model_module": "@jupyter-widgets/controls",
                            "model_module_version": "2.0.0", "state": {"value": BAD}}},
        }
    }  # fmt: skip
    work.insert(f"import ipywidgets\nipywidgets.HTML({BAD!r})")

"""Asks for a kernel of another name, one that would run a command of the student's."""


def submit(work):
    work.notebook.metadata.kernelspec = {
        "name": "mallory", "display_name": "Mallory", "language": "python"
    }  # fmt: skip
    work.file(
        "kernel.json",
        '{"argv": ["sh", "-c", "touch /tmp/mallory-was-here"], "display_name": "Mallory"}',
    )

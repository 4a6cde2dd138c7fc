"""What several test cells of the foreign assignment use; it lies beside the notebook."""


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()

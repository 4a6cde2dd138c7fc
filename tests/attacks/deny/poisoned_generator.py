"""In notebook 05: has the grader draw from a random generator whose state points outside."""

ASSIGNMENT = "05_training"
DESERVES = 4


def submit(work):
    work.solve()
    work.insert(
        """
def poisoned(kind, position):
    rng = np.random.Generator(kind(0))
    state = rng.bit_generator.state
    if "buffer_pos" in state:
        state["buffer_pos"] = position
    else:
        state["state"]["pos"] = position
    rng.bit_generator.state = state
    return rng

for kind in (np.random.Philox, np.random.MT19937):
    for position in (5, 1000, -1, -(2**30), 2**30):
        for ask in (
            lambda rng: initialize_parameters(3, 2, rng),
            lambda rng: sample_patches(np.zeros((2, 20, 20)), 8, 3, rng),
        ):
            try:
                print(ask(poisoned(kind, position)))
            except Exception as error:
                print(error)
""",
        before="train",
    )

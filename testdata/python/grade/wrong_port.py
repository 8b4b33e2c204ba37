"""A server on a port of its own choice."""
import socket

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(5)
while True:
    listener.accept()

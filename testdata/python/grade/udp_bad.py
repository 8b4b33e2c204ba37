"""A UDP server that cuts, prints nothing, and answers only the first sender."""
import socket
import sys

server = socket.socket(type=socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
first = None
while True:
    data, sender = server.recvfrom(1024)
    first = first or sender
    server.sendto(b"hello I am UDP server", first)

"""The lecture's UDP client, with a limit to its patience."""
import socket
import sys

with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.settimeout(2)
    client.sendto(b"hello UDP server", ("127.0.0.1", int(sys.argv[1])))
    try:
        print("server says", client.recvfrom(4096)[0].decode())
    except TimeoutError:
        sys.exit("no answer")

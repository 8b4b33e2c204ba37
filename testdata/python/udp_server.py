"""The lecture's UDP server.

usage: udp_server.py [PORT [COUNT]]   ends after COUNT datagrams; without it, never
"""
import socket
import sys


def main(port=12345, count=-1):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", port))
    print("bound to port", sock.getsockname()[1], flush=True)
    try:
        while count != 0:
            data, address = sock.recvfrom(4096)
            print("received from", address[0], address[1], data.decode("utf-8"), flush=True)
            sock.sendto(b"hello I am UDP server", address)
            count -= 1
    except KeyboardInterrupt:
        print("exited by the user", flush=True)
    sock.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

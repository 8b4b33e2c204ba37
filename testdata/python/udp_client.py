"""The lecture's UDP client.

usage: udp_client.py [PORT [MESSAGE]]
"""
import socket
import sys


def main(port=12345, message="hello UDP server"):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(20)
    sock.sendto(message.encode("utf-8"), ("127.0.0.1", port))
    data, address = sock.recvfrom(4096)
    print("server says", data.decode("utf-8"), flush=True)
    sock.close()


if __name__ == "__main__":
    main(*[int(a) if i == 0 else a for i, a in enumerate(sys.argv[1:])])

"""The lecture's first TCP client: connects, says how it went, shuts down.

usage: tcp_client_errors.py HOST PORT
"""
import socket
import sys


def main(host, port_text):
    try:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError as err:
        sys.exit(f"socket failed to create, reason: {err}")
    print("socket created", flush=True)
    try:
        port = int(port_text)
        sock.settimeout(20)
        sock.connect((host, port))
    except (OSError, ValueError, OverflowError) as err:
        print(f"failed to connect to {host} on port number {port_text}, reason: {err}", flush=True)
        sys.exit(1)
    print(f"socket connected to {host} on port number {port}", flush=True)
    sock.shutdown(socket.SHUT_RDWR)
    sock.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

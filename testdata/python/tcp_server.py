"""The lecture's TCP server: serves one client and ends.

usage: tcp_server.py [PORT [REPLY]]     port 0: a free one, which is printed
"""
import socket
import sys


def serve_client(client, reply):
    """Answers everything one client sends, until it ends its side."""
    while True:
        data = client.recv(1024)
        if not data:
            break
        print("received from client", data.decode("utf-8"), flush=True)
        client.sendall(reply.encode("utf-8"))
    client.close()


def main(port=12345, reply="hey client"):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    server.listen(5)
    print("listening on port", server.getsockname()[1], flush=True)
    print("server waiting for connection", flush=True)
    client, address = server.accept()
    print("client connected from", address[0], address[1], flush=True)
    try:
        serve_client(client, reply)
    except KeyboardInterrupt:
        print("exited by the user", flush=True)
    server.close()


if __name__ == "__main__":
    main(*[int(a) if i == 0 else a for i, a in enumerate(sys.argv[1:])])

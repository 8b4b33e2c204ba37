"""The lecture's multi-threaded server.

usage: threaded_server.py [PORT [CLIENTS]]   ends after CLIENTS clients; without it, never
"""
import socket
import sys
import threading


def client_thread(connection):
    connection.sendall(b"welcome to the server")
    while True:
        data = connection.recv(2048)
        if not data:
            break
        connection.sendall(("hello I am server " + data.decode("utf-8")).encode("utf-8"))
    connection.close()


def serve(server, clients):
    """Starts a thread for each client, and waits for them when it has had enough."""
    threads = []
    while len(threads) != clients:
        connection, address = server.accept()
        print("connected to", address[0], address[1], flush=True)
        thread = threading.Thread(target=client_thread, args=(connection,), daemon=True)
        thread.start()
        threads.append(thread)
        print("thread number", len(threads), flush=True)
    for thread in threads:
        thread.join()


def main(port=1233, clients=-1):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind(("127.0.0.1", port))
    except OSError as err:
        sys.exit(str(err))
    server.listen(5)
    print("listening on port", server.getsockname()[1], flush=True)
    print("waiting for connections", flush=True)
    try:
        serve(server, clients)
    except KeyboardInterrupt:
        print("exited by the user", flush=True)
    server.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

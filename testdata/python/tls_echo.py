"""A TLS echo with Python's ssl: a server for one client, or a client.

usage: tls_echo.py server CERT          the certificate and its key in one file; prints its port
       tls_echo.py client PORT CACERT TEXT
"""
import socket
import ssl
import sys


def serve(cert):
    """Sends back what one client sends, until it ends."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert)
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on port", listener.getsockname()[1], flush=True)
    plain, _ = listener.accept()
    with context.wrap_socket(plain, server_side=True) as client:
        while data := client.recv(1024):
            client.sendall(data)
    listener.close()


def connect(port, cacert, text):
    """Says a text to a server that proves to be localhost, and prints the answer."""
    context = ssl.create_default_context(cafile=cacert)
    with socket.create_connection(("127.0.0.1", port)) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as server:
            server.sendall(text.encode())
            print(server.recv(1024).decode(), server.version())


if __name__ == "__main__":
    if sys.argv[1] == "server":
        serve(sys.argv[2])
    else:
        connect(int(sys.argv[2]), sys.argv[3], sys.argv[4])

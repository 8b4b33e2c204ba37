"""A client that sends something else and waits for ever."""
import socket
import sys

client = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
client.sendall(b"hello")
while True:
    print(client.recv(1024))
    input()

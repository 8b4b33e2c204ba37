"""An echo server that decodes, sends once, and never closes."""
import socket
import sys
import threading


def serve(connection):
    while True:
        data = connection.recv(1024)
        if data:
            connection.send(data.decode("utf-8").upper().encode())
        else:
            threading.Event().wait()


listener = socket.socket()
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen(5)
print("\x1b[31mlistening")
while True:
    connection, _ = listener.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()

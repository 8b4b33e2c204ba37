"""The lecture's TCP client, with its questions, and an eye on errors."""
import socket
import sys

try:
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20) as client:
        payload = "hey server"
        while True:
            client.sendall(payload.encode())
            answer = client.recv(1024)
            if not answer:
                sys.exit("the server has ended")
            print(answer.decode())
            if input("want to send more data? ") not in ("y", "yes"):
                break
            payload = input("enter payload ")
except OSError as err:
    sys.exit(f"failed: {err}")

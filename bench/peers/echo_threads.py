# A thread for each client, as beginners learn it.
import socket, sys, threading


def serve(client):
    with client:
        while data := client.recv(1024):
            client.sendall(data)


with socket.create_server((sys.argv[1], int(sys.argv[2]))) as server:
    while True:
        client, _ = server.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()

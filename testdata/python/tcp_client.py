"""The lecture's TCP client.

usage: tcp_client.py [PORT [PAYLOAD...]]   one round for each payload; the
first is the lecture's, the others are what it asks for
"""
import socket
import sys


def main(port=12345, *payloads):
    rounds = list(payloads) or ["hey server"]
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.settimeout(20)
    client.connect(("127.0.0.1", port))
    try:
        while rounds:
            client.sendall(rounds.pop(0).encode("utf-8"))
            print(client.recv(1024).decode("utf-8"), flush=True)
            print("want to send more data?", "yes" if rounds else "no", flush=True)
    except KeyboardInterrupt:
        print("exited by the user", flush=True)
    client.close()


if __name__ == "__main__":
    main(*[int(a) if i == 0 else a for i, a in enumerate(sys.argv[1:])])

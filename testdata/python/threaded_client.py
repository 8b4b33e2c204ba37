"""The lecture's client for the multi-threaded server.

usage: threaded_client.py [PORT [WORDS...]]   says each of the words and ends;
with - instead, says the lines of its input as they come
"""
import socket
import sys


def sayings(words):
    """What to say: the words given, or the lines typed."""
    if words == ("-",):
        for line in sys.stdin:
            yield line.rstrip("\n")
        return
    yield from words or ("hello server",)


def main(port=1233, *words):
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.settimeout(20)
    print("waiting for connection", flush=True)
    try:
        client.connect(("127.0.0.1", port))
    except OSError as err:
        sys.exit(str(err))
    print(client.recv(1024).decode("utf-8"), flush=True)
    for text in sayings(words):
        print("say something", text, flush=True)
        client.sendall(text.encode("utf-8"))
        print(client.recv(1024).decode("utf-8"), flush=True)
    client.close()


if __name__ == "__main__":
    main(*[int(a) if i == 0 else a for i, a in enumerate(sys.argv[1:])])

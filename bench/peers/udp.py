# One loop, one socket.
import socket, sys

u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = u.recvfrom(2048)
    u.sendto(data, sender)

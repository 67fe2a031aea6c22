# Writes every TCP packet on the loopback interface from or to one of the ports to a file, until its input ends.
# Needs root. Usage: capture.py FILE PORT,PORT,...
import select
import socket
import struct
import sys

ALL_PROTOCOLS = 3
ETHERNET = 14
TCP = 6

ports = {int(port) for port in sys.argv[2].split(",")}
packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
packets.bind(("lo", 0))
packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 20)
kept = 0
with open(sys.argv[1], "wb") as out:
    print("ready", flush=True)
    while True:
        readable, _, _ = select.select([packets, sys.stdin], [], [])
        if packets in readable:
            packet = packets.recv(1 << 17)
            header = ETHERNET + (packet[ETHERNET] & 15) * 4
            if packet[ETHERNET] >> 4 == 4 and packet[ETHERNET + 9] == TCP:
                if ports & set(struct.unpack("!HH", packet[header : header + 4])):
                    out.write(packet)
                    kept += 1
        elif sys.stdin in readable:
            break
print(kept, flush=True)

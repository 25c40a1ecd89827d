#!/usr/bin/python3
"""Stands between a client and PostgreSQL, and cuts the connection at one message.

    proxy.py LISTEN TARGET CONTROL

LISTEN and TARGET are paths of sockets. CONTROL is a file with two words: the number of the run, and that of the message, counted
over both directions and all connections of the run, which is not passed on: every connection is closed instead. 0 cuts none. The
proxy writes how many messages it has passed on in the run to CONTROL.count. While the file DOWN stands beside CONTROL, new
connections are refused.
"""
import os
import selectors
import socket
import sys

listen, target, control = sys.argv[1:]
selector = selectors.DefaultSelector()
run = None
cut_at = passed = 0


class End:
    """One end of a connection: what came from it goes to the peer, message by message."""

    def __init__(self, sock, is_client):
        self.sock, self.peer, self.bytes = sock, None, b""
        self.starting = is_client  # the first message of a client has no type

    def message_length(self):
        head = 0 if self.starting else 1
        if len(self.bytes) < head + 4:
            return None
        length = head + int.from_bytes(self.bytes[head:head + 4], "big")
        return length if len(self.bytes) >= length else None

    def close(self):
        for end in (self, self.peer):
            if end.sock.fileno() >= 0:
                selector.unregister(end.sock)
                end.sock.close()


def read_control():
    global run, cut_at, passed
    with open(control) as file:
        words = file.read().split()
    if words and words[0] != run:
        run, cut_at, passed = words[0], int(words[1]), 0


def accept(server):
    client, _ = server.accept()
    read_control()
    upstream = socket.socket(socket.AF_UNIX)
    try:
        if os.path.exists(os.path.join(os.path.dirname(control), "DOWN")):
            raise OSError
        upstream.connect(target)
    except OSError:
        client.close()
        return
    ends = End(client, True), End(upstream, False)
    ends[0].peer, ends[1].peer = ends[1], ends[0]
    for end in ends:
        selector.register(end.sock, selectors.EVENT_READ, end)


def pass_on(end):
    global passed
    try:
        got = end.sock.recv(65536)
    except OSError:
        got = b""
    if not got:
        end.close()
        return
    end.bytes += got
    while (length := end.message_length()) is not None:
        passed += 1
        with open(control + ".count", "w") as file:
            print(passed, file=file)
        if passed == cut_at:
            for key in list(selector.get_map().values()):
                if key.data is not None and key.fileobj.fileno() >= 0:
                    key.data.close()
            return
        message, end.bytes = end.bytes[:length], end.bytes[length:]
        end.starting = False
        try:
            end.peer.sock.sendall(message)
        except OSError:
            end.close()
            return


server = socket.socket(socket.AF_UNIX)
server.bind(listen)
server.listen(16)
selector.register(server, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.data is None:
            accept(server)
        elif key.fileobj.fileno() >= 0:
            pass_on(key.data)

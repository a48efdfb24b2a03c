"""The process that judges beside mitmproxy, which a flow of /deadly ends."""
import os
import sys

from httplint.mitm import judge, wire

made = wire.flow_of


def flow_of(head, *contents):
    if b"/deadly" in head:
        os._exit(9)
    return made(head, *contents)


wire.flow_of = flow_of
judge.main(int(sys.argv[1]))

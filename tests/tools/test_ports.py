"""Ports that servers of others hold are passed over."""

import socket

from tools import ports


def test_preferred_port_is_taken_when_free():
    port = ports.free()
    assert ports.free(port) == port


def test_next_port_is_taken_when_the_preferred_one_is_busy():
    with socket.socket() as other:
        other.bind((ports.LOOPBACK, 0))
        other.listen()
        busy = other.getsockname()[1]
        assert ports.free(busy) != busy

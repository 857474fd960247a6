"""Free TCP ports on loopback."""

import socket

LOOPBACK = "127.0.0.1"


def free(preferred: int | None = None) -> int:
    """`preferred` or the next free of the 100 ports after it; any free one if None."""
    candidates = range(preferred, preferred + 100) if preferred else ()
    for port in (*candidates, 0):
        with socket.socket() as probe:
            # as a server does: a port in TIME_WAIT is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            number: int = probe.getsockname()[1]
            return number
    raise AssertionError("the system always has a free port for 0")

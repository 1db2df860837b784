"""What the operator sends on standard input: a request in one line, then bytes, then signs of life."""

import json
import os
import select

from .speak import Problem

LONGEST_LINE = 128 * 1024 * 1024
# How long nothing may arrive of what was announced: a network that is gone may not say so for hours.
SILENCE_SECONDS = 60


class Source:
    """Reads without a buffer of its own, so that nothing is taken that somebody else has to read."""

    def __init__(self, descriptor=0):
        self.descriptor = descriptor
        self.rest = b""

    def line(self):
        pieces = [self.rest]
        size = len(self.rest)
        while b"\n" not in pieces[-1]:
            piece = self._read(1 << 16)
            pieces.append(piece)
            size += len(piece)
            if size > LONGEST_LINE:
                raise Problem("agent.request", "the request is too long", "make the application's files smaller")
        line, self.rest = b"".join(pieces).split(b"\n", 1)
        return line

    def request(self):
        try:
            return json.loads(self.line())
        except ValueError as error:
            raise Problem("agent.request", f"the request is not JSON: {error}", "use one version of Landfall") from None

    def copy(self, size, write, alive):
        """Hands `size` bytes to `write`, and calls `alive` for each piece."""
        while size > 0:
            piece = self.rest[:size] if self.rest else self._read(min(size, 1 << 18))
            self.rest = self.rest[len(piece):] if self.rest else b""
            write(piece)
            alive()
            size -= len(piece)

    def listen(self, seconds):
        """Whether a sign of life came within the time; None where the other side is gone."""
        if self.rest:
            self.rest = b""
            return True
        readable, _, _ = select.select([self.descriptor], [], [], seconds)
        if not readable:
            return False
        try:
            return True if os.read(self.descriptor, 1 << 16) else None
        except OSError:
            return None

    def is_gone(self):
        """Whether the other side is gone; takes nothing of what it has sent."""
        poll = select.poll()
        poll.register(self.descriptor, 0)
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))

    def _read(self, size):
        readable, _, _ = select.select([self.descriptor], [], [], SILENCE_SECONDS)
        if not readable:
            raise Problem("agent.cut", f"nothing arrived for {SILENCE_SECONDS} s", "run the same command again")
        piece = os.read(self.descriptor, size)
        if not piece:
            raise Problem("agent.cut", "the connection ended before everything had arrived", "run the same command again")
        return piece

"""Programs whose input or output is too large for the memory: handed on piece by piece."""

import os
import select
import subprocess
import threading
from collections import deque

from .docker import PATIENCE, Outcome, end, surroundings

PIECE = 1 << 18


def produce(words, take, *, variables=None, guard, hear=None):
    """Gives each piece of the program's standard output to `take`, and each line of its errors to `hear`, which says whether it wants it."""
    child = _start(words, variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    said = _tail(child.stderr, hear)
    try:
        while True:
            readable, _, _ = select.select([child.stdout], [], [], PATIENCE)
            guard()
            if readable:
                piece = os.read(child.stdout.fileno(), PIECE)
                if not piece:
                    break
                take(piece)
        return _finished(child, said, guard)
    except BaseException:
        end(child)
        raise


def consume(words, pieces, *, variables=None, guard):
    """Feeds the pieces to the program's standard input; one that takes no more has failed, as its status says."""
    child = _start(words, variables, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    said = _tail(child.stderr)
    os.set_blocking(child.stdin.fileno(), False)
    try:
        whole = all(_write(child, piece, guard) for piece in pieces)
        try:
            child.stdin.close()
        except BrokenPipeError:
            whole = False
        outcome = _finished(child, said, guard)
        return outcome if whole or outcome.status != 0 else Outcome(1, "", "it did not read everything")
    except BaseException:
        end(child)
        raise


def _write(child, piece, guard):
    rest = memoryview(piece)
    while rest:
        guard()
        _, writable, _ = select.select([], [child.stdin], [], PATIENCE)
        if writable:
            try:
                rest = rest[os.write(child.stdin.fileno(), rest):]
            except BrokenPipeError:
                return False
    return True


def _start(words, variables, **standard):
    return subprocess.Popen(
        words, **standard, stderr=subprocess.PIPE, env=surroundings(variables or {}), preexec_fn=os.setpgrp
    )


def _tail(stream, hear=None):
    """The last lines that nobody wants, read at the same time, so that nobody waits for us."""
    kept = deque(maxlen=40)

    def read():
        for line in iter(stream.readline, b""):
            text = line.decode("utf-8", "replace")
            if hear is None or not hear(text.rstrip("\n")):
                kept.append(text)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread, kept


def _finished(child, said, guard):
    while True:
        try:
            child.wait(PATIENCE)
            break
        except subprocess.TimeoutExpired:
            guard()
    thread, kept = said
    thread.join(5)
    return Outcome(child.returncode, "", "".join(kept))

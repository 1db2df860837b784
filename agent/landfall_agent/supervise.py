"""
Work that outlives the connection. The front end, which talks to the operator, starts a supervisor that has left its
session; this starts the worker and waits for it. Where the worker dies, the supervisor undoes what it did; where the
front end dies, or hears nothing of the operator for too long, the worker undoes it itself; where all of them die, the next change does.
"""

import os
import select
import signal
import sys
import traceback

from . import docker, lock
from .paths import EVENTS
from .speak import Problem, Speaker
from .undo import heal


def start(work, descriptor, target):
    """Runs `work(speaker)` apart from here, with the lock; gives a descriptor that ends with supervisor and worker."""
    docker.mark(target)
    EVENTS.unlink(missing_ok=True)
    events = os.open(EVENTS, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    reading, writing = os.pipe()
    ours, mine = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.close(mine)
        lock.attend(ours)
        os.setsid()
        if os.fork() > 0:
            os._exit(0)
        try:
            _supervise(work, Speaker(events))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    # `mine` stays open for as long as this process lives.
    for end in (writing, events, descriptor, ours):
        os.close(end)
    return reading


def follow(speaker, source, reading):
    """Hands on what the worker says, and keeps the lease while the operator is there, until all is said."""
    with open(EVENTS, "rb") as events:
        final = ended = gone = False
        rest = b""
        while True:
            # Asked first, so that nothing that was said before the end is missed.
            ended = ended or _has_ended(reading)
            *lines, rest = (rest + events.read()).split(b"\n")
            for line in lines:
                final = final or b'"event": "result"' in line[:24] or b'"event": "problem"' in line[:24]
                speaker.forward(line + b"\n")
            if ended and not lines:
                break
            gone = gone or _listen(source)
    if not final:
        _all_died(speaker)


def _listen(source):
    """True once the operator is gone."""
    alive = source.listen(0.2)
    if alive:
        lock.renew()
    elif alive is None:
        lock.give_up()
    return alive is None


def _has_ended(reading):
    readable, _, _ = select.select([reading], [], [], 0.05)
    return bool(readable)


def _all_died(speaker):
    with lock.held(60):
        problem = _cut_off()
    raise problem


def _cut_off():
    """Puts right what is half done, and tells of it. Needs the lock."""
    command = lock.command()
    try:
        left = "nothing is left half done" if lock.is_done() else heal() or "nothing had been changed"
    except Problem as problem:
        return problem
    except Exception as error:  # noqa: BLE001 -- whatever keeps it from being undone has to be told
        return _not_undone(f"the {command} was killed on the server", error)
    return Problem(f"{command}.cut", f"the {command} was killed on the server; {left}", "run the same command again")


def _supervise(work, speaker):
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    worker = os.fork()
    if worker == 0:
        status = 1
        try:
            os.setsid()
            status = _work(work, speaker)
        finally:
            os._exit(status)
    _, status = os.waitpid(worker, 0)
    if status == 0:
        return
    speaker.problem(_cut_off())


def _work(work, speaker):
    try:
        work(speaker)
    except Problem as problem:
        speaker.problem(problem)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it has to be undone and told
        lines = traceback.format_exc().splitlines()
        speaker.problem(_unexpected(error, lines))
    return 0


def _unexpected(error, lines):
    """A full disk, or a bug."""
    try:
        undone = heal() or "nothing was changed"
    except Problem as problem:
        return problem
    except Exception as another:  # noqa: BLE001 -- the first one is told, too
        return _not_undone(lines[-1], another)
    if isinstance(error, OSError) and error.strerror:
        place = "" if error.filename is None else f" ({error.filename})"
        return Problem("agent.system", f"{error.strerror}{place}; {undone}", "look at the disk: landfall app status STACK")
    message = f"the agent has a bug: {lines[-1]}; {undone}"
    return Problem("agent.bug", message, "report it with these lines", problems=lines[-8:])


def _not_undone(what, error):
    """The next change tries again, for what is half done is still written down."""
    return Problem("agent.notUndone", f"{what}; it could not be undone: {error or repr(error)}", "look at docker and at the disk: landfall app status STACK; then run the same command again")

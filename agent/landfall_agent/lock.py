"""One change at a time. The lock is the kernel's: it ends with the last process that has it open."""

import fcntl
import os
import select
import time
from contextlib import contextmanager

from .durable import read_json, write_json
from .paths import CHANGE, LEASE, LOCK, ROOT
from .speak import Problem

LEASE_SECONDS = 30
# How long a change whose operator is gone may take to be undone, which starts containers.
UNDOING_SECONDS = 180


class LeaseLost(Exception):
    """The operator has not been heard of for too long."""


def take(wait=0, waiting=lambda holder: None):
    """
    The descriptor that holds the lock. Waits up to `wait` seconds, and longer for a change whose operator is gone: it
    is being undone. Meanwhile calls `waiting` again and again with a sentence about the holder; raises deploy.locked,
    which says the same.
    """
    ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
    descriptor = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    began = time.monotonic()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            waited = time.monotonic() - began
            if waited >= wait and (lease_left() > 0 or waited >= UNDOING_SECONDS):
                os.close(descriptor)
                raise _locked() from None
        waiting(_locked().event["message"])
        time.sleep(0.2)


@contextmanager
def held(wait=0):
    descriptor = take(wait)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def is_held():
    """Asks without taking it, so that nobody is kept out."""
    try:
        file = os.stat(LOCK)
        place = f":{file.st_ino} "
        with open("/proc/locks") as locks:
            return any("FLOCK" in line and place in line for line in locks)
    except OSError:
        return False


def begin(command, holder, **facts):
    """Says what is being changed, before anything is. The lock has to be held."""
    LEASE.unlink(missing_ok=True)
    _lease.append(os.open(LEASE, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    _begun.append(command)
    change = {"command": command, "holder": holder, "since": now(), "step": "receive", **facts}
    write_json(CHANGE, change)
    return change


def finish():
    CHANGE.unlink(missing_ok=True)
    LEASE.unlink(missing_ok=True)


# The lease of this process's own change: the file of that name may be another's by now. And what it changes, which
# is still asked for when the change is done.
_lease = []
_begun = []


def renew():
    os.utime(_lease[-1])


def give_up():
    """Nobody waits any more: the lease ends now."""
    os.utime(_lease[-1], (0, 0))


def lease_left():
    """Seconds. Of whatever change there is, where it is not ours."""
    try:
        file = os.fstat(_lease[-1]) if _lease else LEASE.stat()
        return file.st_mtime + LEASE_SECONDS - time.time()
    except FileNotFoundError:
        return 0


_attended = []


def attend(descriptor):
    """The reading end of a pipe that the front end holds open while it lives."""
    _attended.append(descriptor)


def guard():
    """Raises LeaseLost where the operator, or the front end, is gone."""
    poll = select.poll()
    for descriptor in _attended:
        poll.register(descriptor, 0)
    if lease_left() <= 0 or any(event & select.POLLHUP for _, event in poll.poll(0)):
        raise LeaseLost()


def command():
    """What this process, or the one that it came from, began: deploy, rollback, backup, restore or verify."""
    return _begun[-1]


def is_done():
    """Whether nothing is half done. The lock has to be held."""
    return read_json(CHANGE) is None


def change_under_way():
    """What is being changed, or was left half done; None where nothing is."""
    change = read_json(CHANGE)
    if change is None:
        return None
    facts = {name: change.get(name) for name in ("command", "holder", "since", "step", "release")}
    return {**facts, "at_work": is_held(), "lease": max(0, round(lease_left()))}


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _locked():
    change = read_json(CHANGE) or {}
    holder = change.get("holder") or {}
    who = f"{holder.get('user', 'somebody')}@{holder.get('host', 'an unknown computer')}"
    what = change.get("command", "another change")
    return Problem(
        "deploy.locked",
        f"{what} of {who} holds the server since {change.get('since', 'just now')}",
        "wait for it: --wait SECONDS",
        holder=holder,
        since=change.get("since"),
        now=now(),
    )

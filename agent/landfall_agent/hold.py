"""What every change begins with: the lock, and an end to what an earlier one has left."""

from . import lock
from .speak import Problem
from .undo import heal


def hold(request, speaker, source):
    """The descriptor that holds the lock."""
    told = []

    def waiting(holder):
        if not told:
            speaker.say("notice", code="deploy.waiting", message=f"{holder}: waiting")
        told.append(holder)
        if source.is_gone():
            raise Problem("agent.cut", "nobody waits any more", "run the same command again")

    descriptor = lock.take(request.get("wait", 0), waiting)
    undone = heal()
    if undone is not None:
        speaker.say("notice", code="deploy.healed", message=f"an earlier change was cut off: {undone}")
    return descriptor

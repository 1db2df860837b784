"""Steps of a change: told to the operator, and written down for whoever finds the change cut off."""

from contextlib import contextmanager

from . import lock
from .durable import read_json, write_json
from .paths import CHANGE


def steps(tell, guard=lock.guard):
    @contextmanager
    def step(name, title):
        guard()
        note(step=name)
        tell.say("progress", step=name, title=title, state="started")
        yield
        tell.say("progress", step=name, title=title, state="finished")

    return step


def note(**facts):
    write_json(CHANGE, {**read_json(CHANGE), **facts})

"""A change that a power cut ended is put right when the server starts again: what was stopped for it stays stopped otherwise."""

from . import docker, lock
from .durable import write_file
from .paths import AGENT_IN_USE, UNITS
from .speak import Problem, Speaker
from .undo import heal

SERVICE = "landfall-heal.service"
PATIENCE = 600


def install():
    """Gives what is wrong, as a sentence, where systemd does not do it."""
    place, text = UNITS / SERVICE, _unit()
    if place.exists() and place.read_text() == text:
        return None
    write_file(place, text, mode=0o644)
    try:
        outcomes = [docker.run(["systemctl", *words], timeout=60) for words in (["daemon-reload"], ["enable", SERVICE])]
    except (Problem, TimeoutError):
        return "the server has no systemd: a change that a power cut ends is put right by the next change only"
    failed = [outcome for outcome in outcomes if outcome.status != 0]
    return f"{SERVICE} cannot be enabled: {' '.join(failed[0].last_lines(2))}" if failed else None


def healed(_arguments):
    """What the unit calls."""
    speaker = Speaker()
    try:
        with lock.held(PATIENCE):
            undone = heal()
        if undone is not None:
            speaker.say("notice", code="deploy.healed", message=f"an earlier change was cut off: {undone}")
        return 0
    except Problem as problem:
        speaker.problem(problem)
        return 1


def _unit():
    return f"""[Unit]
Description=Puts right a change of the application that was cut off
Wants=docker.service
After=docker.service

[Service]
Type=oneshot
ExecStart=/usr/bin/python3 -I {AGENT_IN_USE} heal

[Install]
WantedBy=multi-user.target
"""

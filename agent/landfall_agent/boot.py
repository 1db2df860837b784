"""A change that a power cut ended is put right when the server starts again: what was stopped for it stays stopped otherwise."""

from . import lock, systemd
from .paths import AGENT_IN_USE, ROOT
from .speak import Problem, Speaker
from .undo import heal

SERVICE = "landfall-heal.service"
# Containers that start before the disk with their data is there would begin with empty directories.
DOCKER = "docker.service.d/landfall.conf"
PATIENCE = 600


def install():
    """Gives what is wrong, as a sentence, where systemd does not do it."""
    return systemd.install({SERVICE: _unit(), DOCKER: _after_the_disk()}, SERVICE, running=False)


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
RequiresMountsFor={ROOT}

[Service]
Type=oneshot
ExecStart=/usr/bin/python3 -I {AGENT_IN_USE} heal

[Install]
WantedBy=multi-user.target
"""


def _after_the_disk():
    return f"""[Unit]
RequiresMountsFor={ROOT}
"""

"""Units of systemd that the agent leaves on the server."""

from . import docker
from .durable import write_file
from .paths import UNITS
from .speak import Problem


def install(units, enabled, *, running):
    """
    Writes the units, texts by name, and enables one of them, which is also started where it shall be running. Gives what is
    wrong, as a sentence.
    """
    changed = [name for name, text in units.items() if _text(name) != text]
    for name in changed:
        place = UNITS / name
        if place.parent != UNITS:
            place.parent.mkdir(exist_ok=True)
        write_file(place, units[name], mode=0o644)
    calls = [("daemon-reload",)] if changed else []
    calls.append(("enable", "--now", enabled) if running else ("enable", enabled))
    if running and enabled in changed:
        calls.append(("restart", enabled))
    return call(*calls)


def call(*calls):
    """Of systemctl, until one fails; says which and why."""
    for words in calls:
        outcome = run("systemctl", *words)
        if outcome is None:
            return "the server has no systemd: nothing is done at its time or at a start by itself"
        if outcome.status != 0:
            return f"systemctl {' '.join(words)} fails: {' '.join(outcome.last_lines(2))}"
    return None


def run(*words, variables=None):
    """None where there is no such program, or it hangs."""
    try:
        return docker.run(list(words), variables=variables, timeout=60)
    except (Problem, TimeoutError):
        return None


def _text(name):
    try:
        return (UNITS / name).read_text()
    except OSError:
        return None

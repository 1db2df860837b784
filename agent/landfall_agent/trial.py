"""
The service that holds the database, a second time: with data directories of its own, without ports, without any network
and without what else it shares with the one that serves. A backup is loaded into it before anything is replaced.
"""

import gzip
import time

from . import docker, streams
from .durable import write_json
from .paths import DATA, RESTORE
from .redact import redactor
from .speak import Problem

# No application can have this name.
PROJECT = "landfall_trial"
# What would reach out of it, or wait for others.
SHARED = ("ports", "networks", "network_mode", "depends_on", "links", "external_links", "container_name", "hostname", "restart", "build", "profiles", "deploy", "extends", "pid", "ipc", "expose", "labels", "volumes_from")
PAUSE = 3


class Trial:
    def __init__(self, serving, place, fresh):
        """`fresh` is where the data directories are; `place` takes what compose needs."""
        self.serving = serving
        self.dump = serving.facts["backup"]["dump"]
        self.file = place / "compose.json"
        self.fresh = fresh
        # Whether it says itself that it is ready.
        self.known = False

    def start(self, guard):
        """Once it is ready to take the dump."""
        write_json(self.file, self._configuration())
        outcome = self._compose("up", "--detach", "--no-build", "--pull", "never", guard=guard, timeout=600)
        if outcome.status != 0:
            raise self._failed("cannot be started beside the application", outcome)
        self._wait(guard)

    def load(self, path, guard):
        """
        Again where it fails: without a health check nobody knows when a database is ready, and some take commands
        before they are, and then begin anew.
        """
        tries = 0
        until = time.monotonic() + self.serving.facts["healthy_within"]
        while True:
            words = [*self._words(), "exec", "-T", self.dump["service"], *self.dump["restore"]]
            outcome = streams.consume(words, _pieces(path), guard=guard)
            if outcome.status == 0:
                return
            tries += 1
            if time.monotonic() > until or (self.known and tries == 2):
                raise self._failed(f"does not take the dump: backup.dump.restore ended with status {outcome.status}", outcome)
            time.sleep(PAUSE)
            self._wait(guard)

    def dump_size(self, guard):
        """Bytes of what it dumps now."""
        sizes = [0]
        words = [*self._words(), "exec", "-T", self.dump["service"], *self.dump["command"]]
        outcome = streams.produce(words, lambda piece: sizes.append(len(piece)), guard=guard)
        if outcome.status != 0:
            raise self._failed("cannot be dumped again", outcome)
        return sum(sizes)

    def stop(self, guard):
        """With the time that a database needs to write what it holds."""
        outcome = self._compose("stop", "--timeout", "120", guard=guard, timeout=300)
        if outcome.status != 0:
            raise self._failed("cannot be stopped", outcome)
        remove()

    def _wait(self, guard):
        until = time.monotonic() + self.serving.facts["healthy_within"]
        while True:
            guard()
            found = docker.containers(PROJECT, guard=guard)
            state, health = (found[0]["State"], found[0]["Health"]) if found else ("absent", "")
            self.known = health != ""
            if state == "running" and health in ("", "healthy"):
                return
            if state in ("exited", "dead") or time.monotonic() > until:
                raise self._failed(f"is {state}{health and f' and {health}'} with the backup's data")
            time.sleep(PAUSE)

    def _configuration(self):
        whole = docker.configuration(self.serving)
        service = whole["services"][self.dump["service"]]
        kept = {name: value for name, value in service.items() if name not in SHARED}
        volumes = [self._volume(volume) for volume in service.get("volumes", [])]
        return {
            "name": PROJECT,
            "services": {self.dump["service"]: {**kept, "volumes": volumes, "network_mode": "none", "restart": "no"}},
            **{name: whole[name] for name in ("secrets", "configs") if whole.get(name)},
        }

    def _volume(self, volume):
        source = volume.get("source", "")
        if volume["type"] == "bind" and (source == str(DATA) or source.startswith(f"{DATA}/")):
            return {**volume, "source": str(self.fresh) + source[len(str(DATA)):]}
        if volume["type"] == "bind":
            return {**volume, "read_only": True}
        return {name: value for name, value in volume.items() if name not in ("source", "volume")}

    def _failed(self, what, outcome=None):
        clean = redactor(self.serving.secrets)
        logs = self._compose("logs", "--no-color", "--no-log-prefix", "--tail", "20", timeout=30)
        lines = list(map(clean, (logs.out + logs.err).splitlines()[-20:]))
        return Problem(
            "restore.database",
            f"{self.dump['service']} {what}",
            "choose another backup, or mend backup.dump of application.yaml",
            problems=list(map(clean, outcome.last_lines(4) if outcome else ())),
            logs=[{"service": self.dump["service"], "lines": lines}] if lines else [],
        )

    def _compose(self, *words, **options):
        return docker.run([*self._words(), *words], **options)

    def _words(self):
        return ["docker", "compose", "--ansi", "never", "--project-name", PROJECT, "--file", str(self.file)]


def remove():
    """Whatever is left of one, also where its files are gone; they are there before it is, and go after it."""
    if not RESTORE.exists():
        return
    words = ["docker", "compose", "--ansi", "never", "--project-name", PROJECT]
    docker.run([*words, "down", "--volumes", "--remove-orphans", "--timeout", "20"], timeout=120)


def _pieces(path):
    with gzip.open(path, "rb") as content:
        while piece := content.read(streams.PIECE):
            yield piece

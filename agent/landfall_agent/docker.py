"""Calls of docker and of its compose plugin."""

import json
import os
import signal
import subprocess
import threading
from collections import deque
from dataclasses import dataclass

from .speak import Problem

PATIENCE = 0.3


@dataclass
class Outcome:
    status: int
    out: str
    err: str

    def last_lines(self, count=12):
        return (self.err.strip() or self.out.strip()).splitlines()[-count:]


def run(words, *, variables=None, guard=None, timeout=None, stdin=subprocess.DEVNULL, on_line=None):
    """
    Runs a program with a small environment. `guard` is called again and again, and may raise to end it;
    `on_line` gets each line of its output, which is then not kept.
    """
    try:
        child = subprocess.Popen(
            words,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if on_line is None else subprocess.STDOUT,
            env={**_base(), **(variables or {})},
            # A group of its own, so that its plugin ends with it; the same session, so that the supervisor finds it.
            preexec_fn=os.setpgrp,
        )
    except FileNotFoundError:
        raise Problem(
            "agent.noDocker", f"{words[0]} is not installed on the server", "wait for its first boot: landfall apply STACK"
        ) from None
    texts = [deque(), deque()]
    readers = [_reader(child.stdout, texts[0], on_line)]
    if child.stderr is not None:
        readers.append(_reader(child.stderr, texts[1], None))
    try:
        waited = 0.0
        while True:
            try:
                child.wait(PATIENCE)
                break
            except subprocess.TimeoutExpired:
                waited += PATIENCE
                if guard is not None:
                    guard()
                if timeout is not None and waited > timeout:
                    raise TimeoutError(f"{words[0]} took longer than {timeout} s") from None
    except BaseException:
        _end(child)
        raise
    for reader in readers:
        reader.join(5)
    return Outcome(child.returncode, "".join(texts[0]), "".join(texts[1]))


def compose(release, *words, **options):
    """One call of compose for a release."""
    command = [
        *("docker", "compose", "--ansi", "never", "--project-name", release.application),
        *("--project-directory", str(release.path), "--file", str(release.path / "compose.yaml")),
        *("--env-file", str(release.path / ".env")),
    ]
    return run([*command, *words], variables=release.variables(), **options)


def containers(release, **options):
    """What compose knows of each container, stopped ones too."""
    outcome = compose(release, "ps", "--all", "--format", "json", timeout=60, **options)
    if outcome.status != 0:
        raise Problem("agent.docker", f"docker does not answer: {' '.join(outcome.last_lines(2))}", "look at docker: landfall ssh STACK -- systemctl status docker")
    return _objects(outcome.out)


def configuration(release, **options):
    """compose.yaml as compose understands it."""
    outcome = compose(release, "config", "--format", "json", timeout=60, **options)
    return json.loads(outcome.out) if outcome.status == 0 else None


def _objects(text):
    """Older versions of compose write one list, newer ones an object a line."""
    text = text.strip()
    if text.startswith("["):
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def _base():
    standard = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    names = ("PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {"PATH": standard, "HOME": "/root", "LANG": "C.UTF-8", **kept}


def _reader(stream, kept, on_line):
    def read():
        for line in iter(stream.readline, b""):
            text = line.decode("utf-8", "replace")
            if on_line is None:
                kept.append(text)
            else:
                on_line(text.rstrip("\r\n"))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def _end(child):
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
            child.wait(5)
            return
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return

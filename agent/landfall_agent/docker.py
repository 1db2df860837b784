"""Calls of docker and of its compose plugin."""

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from .paths import ROOT
from .speak import Problem

PATIENCE = 0.3
# Beside compose.yaml, the names by which its images are kept: JSON, which is YAML.
KEPT_IMAGES = "compose.loaded.yaml"
# By this what a change has started is known, also when who started it has died.
MARK = "LANDFALL_CHANGE"
marked = {}


def mark(release_id):
    """Every call from now on belongs to the change to this release."""
    marked[MARK] = _marker(release_id)


def _marker(release_id):
    return f"{ROOT}/releases/{release_id}"


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
            env=surroundings(variables or {}),
            # A group of its own, so that its plugin ends with it.
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
        end(child)
        raise
    for reader in readers:
        reader.join(5)
    return Outcome(child.returncode, "".join(texts[0]), "".join(texts[1]))


def compose(release, *words, **options):
    """One call of compose for a release."""
    return run([*compose_words(release), *words], variables=release.variables(), **options)


def compose_words(release):
    images = release.path / KEPT_IMAGES
    return [
        *("docker", "compose", "--ansi", "never", "--project-name", release.application),
        *("--project-directory", str(release.path), "--file", str(release.path / "compose.yaml")),
        *(("--file", str(images)) if images.exists() else ()),
        *("--env-file", str(release.path / ".env")),
    ]


def containers(project, **options):
    """
    What docker knows of each container of a project of compose, stopped ones too; not those of one command. Asked of docker
    itself, for its compose plugin takes several times as long, and a server that starts its containers is busy.
    """
    words = ["docker", "container", "ls", "--all", "--no-trunc", "--format", _CONTAINER]
    for label in (f"project={project}", "oneoff=False"):
        words += ["--filter", f"label=com.docker.compose.{label}"]
    outcome = run(words, timeout=180, **options)
    if outcome.status != 0:
        raise Problem("agent.docker", f"docker does not answer: {' '.join(outcome.last_lines(2))}", "look at docker: landfall ssh STACK -- systemctl status docker")
    return [_container(json.loads(line)) for line in outcome.out.splitlines()]


def root_directory():
    """Where it keeps images and containers; None where that is nowhere."""
    try:
        said = run(["docker", "info", "--format", "{{.DockerRootDir}}"], timeout=60)
        place = said.out.strip() if said.status == 0 else ""
    except (Problem, TimeoutError):
        place = ""
    path = Path(place if place.startswith("/") else "/var/lib/docker")
    return path if path.is_dir() else None


def remove_single(project):
    """
    Removes the containers of one command, such as a hook's, which go on where the call that waits for them has ended. Gives
    what is wrong, as lines.
    """
    filters = [word for label in (f"project={project}", "oneoff=True") for word in ("--filter", f"label=com.docker.compose.{label}")]
    try:
        listed = run(["docker", "container", "ls", "--all", "--quiet", *filters], timeout=180)
        if listed.status == 0 and listed.out.split():
            listed = run(["docker", "container", "rm", "--force", *listed.out.split()], timeout=180)
    except TimeoutError as error:
        return [str(error)]
    return [] if listed.status == 0 else listed.last_lines(2)


_FACTS = {"Service": '.Label "com.docker.compose.service"', "Image": ".Image", "State": ".State", "Status": ".Status"}
_CONTAINER = "{" + ", ".join(f'"{name}": {{{{json ({fact})}}}}' for name, fact in _FACTS.items()) + "}"


def _container(facts):
    """Docker writes how a container ended, and its health, into its status: `Exited (3) 2 minutes ago`, `Up 5 seconds (healthy)`."""
    code = re.match(r"(?:Exited|Restarting) \((\d+)\)", facts["Status"])
    health = re.search(r"\((?:health: )?(starting|healthy|unhealthy)\)", facts["Status"])
    return {**facts, "ExitCode": int(code[1]) if code else 0, "Health": health[1] if health else ""}


def configuration(release, **options):
    """compose.yaml as compose understands it; empty where it does not."""
    outcome = compose(release, "config", "--format", "json", timeout=180, **options)
    return json.loads(outcome.out) if outcome.status == 0 else {}


def services(release, **options):
    """Its services, by name."""
    return configuration(release, **options).get("services", {})


def surroundings(variables):
    """The environment of a call: little of ours, and what compose.yaml refers to."""
    names = ("PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG", "TERM")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {"PATH": _PATH, "HOME": "/root", "LANG": "C.UTF-8", **kept, **marked, **variables}


_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


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


def end_marked(release_id):
    """Ends what a change that has died has left running: it would go on changing containers."""
    wanted = f"{MARK}={_marker(release_id)}".encode()
    for _ in range(50):
        left = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if wanted in _environment_of(pid)]
        if not left:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.1)


def _environment_of(pid):
    """Empty for what has ended, though nobody has asked how yet."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return file.read().split(b"\0")
    except OSError:
        return []


def end(child):
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
            child.wait(5)
            return
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return

"""Releases on the server: one directory each, with everything that is needed to run it again."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import environment
from .durable import read_json, write_json
from .paths import CURRENT, RELEASE_ID, RELEASES


@dataclass
class Release:
    id: str
    path: Path
    # What release.json says: application, title, digest, created, by, images, health, secrets, data, hooks, backup; once
    # it has served, also what served before, and services that had ended.
    facts: dict

    @property
    def application(self):
        return self.facts["application"]

    @property
    def secrets(self):
        return self.facts.get("secrets", [])

    def variables(self):
        return environment.read((self.path / ".env").read_text())

    @property
    def previous(self):
        """The id of the release that served before this one came; None where there was none, or nobody knows."""
        return self.facts.get("previous")

    def note(self, **facts):
        """Writes down what became of it."""
        self.facts.update(facts)
        write_json(self.path / "release.json", self.facts)

    def summary(self):
        return {"id": self.id, "created": self.facts.get("created"), "by": self.facts.get("by")}


def load(release_id):
    """None where there is no such release, or not a whole one."""
    if RELEASE_ID.fullmatch(release_id) is None:
        return None
    path = RELEASES / release_id
    facts = read_json(path / "release.json")
    return None if facts is None else Release(release_id, path, facts)


def current():
    """The release that serves, or should."""
    try:
        return load(Path(os.readlink(CURRENT)).name)
    except OSError:
        return None


def kept():
    """All releases, oldest first."""
    try:
        names = sorted(os.listdir(RELEASES))
    except FileNotFoundError:
        return []
    return [release for release in map(load, names) if release is not None]


def remove(release_id):
    """The release is none any more before its files go."""
    for name in (release_id, f".{release_id}.partial"):
        path = RELEASES / name
        (path / "release.json").unlink(missing_ok=True)
        shutil.rmtree(path, ignore_errors=True)

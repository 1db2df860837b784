"""Backups as they stand on the server: backups/ID/, there as a whole or not at all."""

import hashlib
import os
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from .durable import read_json
from .paths import BACKUPS
from .speak import Problem

BACKUP_ID = re.compile(r"\d{8}T\d{6}Z")


@dataclass
class Backup:
    id: str
    path: Path
    # What manifest.json says: application, release, created, by, files, recipients.
    facts: dict

    def file(self, kind):
        """What manifest.json says of its dump, or its files; None where it has none."""
        return next((file for file in self.facts["files"] if file["kind"] == kind), None)

    @property
    def encrypted(self):
        return bool(self.facts.get("recipients"))

    @property
    def size(self):
        return sum(file["size"] for file in self.facts["files"])

    def summary(self):
        names = ("created", "by", "application", "release")
        facts = {name: self.facts.get(name) for name in names}
        verified = read_json(self.path / "verified.json")
        return {"id": self.id, **facts, "size": self.size, "encrypted": self.encrypted, "verified": verified}

    def damages(self, guard):
        """What of it is not as it was written, as sentences."""
        return [said for file in self.facts["files"] if (said := _damage(self.path / file["name"], file, guard))]


def load(backup_id):
    """None where there is no such backup, or not a whole one."""
    if BACKUP_ID.fullmatch(backup_id) is None:
        return None
    path = BACKUPS / backup_id
    facts = read_json(path / "manifest.json")
    whole = isinstance(facts, dict) and all((path / file["name"]).is_file() for file in facts.get("files", []))
    return Backup(backup_id, path, facts) if whole else None


def kept():
    """All whole ones, oldest first."""
    try:
        names = sorted(os.listdir(BACKUPS))
    except FileNotFoundError:
        return []
    return [backup for backup in map(load, names) if backup is not None]


def newest(application=None):
    """Of this application, where one is named; None where there is none."""
    return next((one for one in reversed(kept()) if application in (None, one.facts.get("application"))), None)


def find(wanted, application):
    """The backup of that id, or the newest of this application."""
    found = newest(application) if wanted is None else load(wanted)
    if found is not None:
        return found
    if wanted is None:
        raise Problem("backup.none", f"there is no backup{f' of {application}' if application else ''} on the server", "make one: landfall app backup STACK")
    names = ", ".join(one.id for one in kept()) or "none"
    raise Problem("backup.unknown", f"there is no backup {wanted} on the server; there are: {names}", "landfall app backups STACK")


def new_id():
    """Sorts after every backup that is there, whatever the clock says."""
    last = newest()
    seconds = time.time() if last is None else max(time.time(), seconds_of(last.id) + 1)
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


def seconds_of(backup_id):
    return time.mktime(time.strptime(backup_id, "%Y%m%dT%H%M%SZ")) - time.timezone


def remove(backup_id):
    """It is none any more before its files go."""
    (BACKUPS / backup_id / "manifest.json").unlink(missing_ok=True)
    shutil.rmtree(BACKUPS / backup_id, ignore_errors=True)


def remove_arrived(backup):
    """What came from the operator's side goes; what the server keeps stays."""
    if backup.path.name != backup.id:
        remove_partial(backup.id)


def remove_partial(backup_id):
    for kind in ("partial", "arriving"):
        shutil.rmtree(BACKUPS / f".{backup_id}.{kind}", ignore_errors=True)


def expire(days):
    """Removes what is older, but never the newest of an application, nor the newest that was tried; gives how many."""
    all_of_them = kept()
    safe = {backup.facts.get("application"): backup.id for backup in all_of_them}.values()
    tried = [backup.id for backup in all_of_them if (backup.path / "verified.json").exists()][-1:]
    limit = time.time() - days * 86400
    old = [one for one in all_of_them if one.id not in (*safe, *tried) and seconds_of(one.id) < limit]
    for backup in old:
        remove(backup.id)
    return len(old)


def _damage(path, file, guard):
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as content:
            while piece := content.read(1 << 20):
                guard()
                digest.update(piece)
    except OSError as error:
        return f"{file['name']} cannot be read: {error.strerror}"
    if path.stat().st_size != file["size"]:
        return f"{file['name']} has {path.stat().st_size} bytes, not {file['size']}"
    return None if digest.hexdigest() == file["sha256"] else f"{file['name']} has another content than was written"

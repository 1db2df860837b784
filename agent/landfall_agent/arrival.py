"""A backup that comes from the operator's side. It stays until the change is over, and no longer."""

import hashlib
import os
import re
import shutil

from . import backups, lock
from .durable import write_json
from .paths import BACKUPS
from .space import need
from .speak import Problem
from .steps import note

NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
DIGEST = re.compile(r"[0-9a-f]{64}")
KINDS = ("dump", "files")


def receive(facts, source, speaker):
    """The backup that follows the request, file by file, in the order of its manifest."""
    _check(facts)
    # Whoever finds the change cut off removes it.
    note(backup=facts["id"])
    size = sum(file["size"] for file in facts["files"])
    BACKUPS.mkdir(mode=0o700, parents=True, exist_ok=True)
    need(size, "the backup")
    place = BACKUPS / f".{facts['id']}.arriving"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    speaker.say("progress", step="upload", title="backup on the server", state="started")
    for file in facts["files"]:
        digest = hashlib.sha256()
        descriptor = os.open(place / file["name"], os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as output:

            def write(piece):
                output.write(piece)
                digest.update(piece)

            source.copy(file["size"], write, lock.renew)
        if digest.hexdigest() != file["sha256"]:
            raise Problem("restore.damaged", f"{file['name']} is not what its manifest says", "nothing was changed; choose another copy")
    write_json(place / "manifest.json", facts)
    speaker.say("progress", step="upload", title="backup on the server", state="finished")
    return backups.Backup(facts["id"], place, facts)


def _check(facts):
    files = facts.get("files") if isinstance(facts, dict) else None
    good = (
        isinstance(files, list)
        and facts.get("backup") == 1
        and backups.BACKUP_ID.fullmatch(str(facts.get("id")))
        and isinstance(facts.get("application"), str)
        and all(map(_is_file, files))
        and len({file["name"] for file in files}) == len({file["kind"] for file in files}) == len(files) > 0
        and not facts.get("recipients")
    )
    if not good:
        raise Problem("restore.badManifest", "the manifest of the backup is none", "nothing was changed; choose another copy")


def _is_file(file):
    if not isinstance(file, dict) or file.get("kind") not in KINDS:
        return False
    sizes = [file.get("size"), file.get("content")]
    paths = file.get("paths", [])
    return (
        bool(NAME.fullmatch(str(file.get("name"))))
        and file["name"] != "manifest.json"
        and bool(DIGEST.fullmatch(str(file.get("sha256"))))
        and all(isinstance(size, int) and size >= 0 for size in sizes)
        and isinstance(paths, list)
        and all(isinstance(path, str) for path in paths)
    )

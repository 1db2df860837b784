"""What arrives becomes a directory. Nothing of it is trusted to stay where it belongs."""

import base64
import os
import re
import shutil
import time
from pathlib import Path

from . import environment
from .durable import sync_directory, write_json
from .paths import DATA, RELEASE_ID, RELEASES
from .release import Release, kept
from .speak import Problem

OWNER = re.compile(r"(\d{1,10}):(\d{1,10})")
# Written by the agent itself.
OWN = (".env", "release.json", "compose.loaded.yaml")


def new_id(digest):
    """Sorts after every release that is there, whatever the clock says."""
    newest = kept()[-1].id[:16] if kept() else ""
    seconds = time.time()
    while True:
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))
        if stamp > newest:
            break
        seconds = max(seconds + 1, _seconds(newest) + 1)
    return f"{stamp}-{digest[:7]}"


def unpack(release_id, wanted, by):
    """A release that nobody uses yet, in a directory that is none until `settle` renames it."""
    assert RELEASE_ID.fullmatch(release_id)
    RELEASES.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = RELEASES / f".{release_id}.partial"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    for file in wanted["files"]:
        _write(path, file)
    (path / ".env").write_text(environment.render(wanted["environment"]))
    names = ("application", "title", "digest", "secrets", "health", "healthy_within", "data", "backup", "hooks")
    facts = {name: wanted.get(name) for name in names}
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return Release(release_id, path, {"id": release_id, "created": created, "by": by, **facts})


def settle(release):
    """From now on it is a release: everything of it is on the disk."""
    write_json(release.path / "release.json", release.facts)
    os.sync()
    place = RELEASES / release.id
    os.rename(release.path, place)
    sync_directory(RELEASES)
    return Release(release.id, place, release.facts)


def make_data(release):
    """Directories that are there stay as they are: containers may have changed them for good reasons."""
    make_parents(DATA.parent, DATA)
    for directory in release.facts["data"]:
        make_directory(DATA, directory)


def make_directory(root, directory):
    path = root / _inside(directory["path"])
    if path.exists():
        return
    make_parents(root, path.parent)
    path.mkdir()
    os.chmod(path, int(directory["mode"], 8))
    give(path, directory["owner"])


def _write(root, file):
    relative = _inside(file["path"])
    if str(relative) in OWN:
        raise _hostile(file["path"])
    path = root / relative
    try:
        make_parents(root, path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError:
        raise _hostile(file["path"]) from None
    with os.fdopen(descriptor, "wb") as output:
        output.write(base64.b64decode(file["content"]))
        os.fchmod(descriptor, int(file["mode"], 8) & 0o777)
    give(path, file["owner"])


def make_parents(root, path):
    """Directories that everybody may pass, from below `root` down to `path`; what is there stays as it is."""
    if path == root or path.is_dir():
        return
    make_parents(root, path.parent)
    path.mkdir()
    os.chmod(path, 0o755)


def _inside(text):
    parts = text.split("/")
    if any(part in ("", ".", "..") or re.search(r"[\x00-\x1f]", part) or len(part.encode()) > 255 for part in parts):
        raise _hostile(text)
    return Path(*parts)


def give(path, owner):
    match = OWNER.fullmatch(owner)
    if match is None:
        raise _hostile(owner)
    if os.geteuid() == 0:
        os.chown(path, int(match[1]), int(match[2]))


def _hostile(text):
    return Problem("deploy.badRelease", f"the release holds what it may not: {text!r}", "nothing was changed; use the Landfall of this project")


def _seconds(stamp):
    return time.mktime(time.strptime(stamp, "%Y%m%dT%H%M%SZ")) - time.timezone

"""Writes that are there as a whole, or not at all, whenever the power goes."""

import json
import os
from pathlib import Path


def write_file(path, content, mode=0o600, owner=None):
    """A new neighbour, fsynced, takes the place of the old file."""
    data = content.encode() if isinstance(content, str) else content
    new = Path(f"{path}.{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if owner is not None and os.geteuid() == 0:
                os.fchown(file.fileno(), *owner)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        os.rename(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    sync_directory(Path(path).parent)


def write_json(path, value):
    write_file(path, json.dumps(value, indent=1) + "\n")


def read_json(path):
    """None where there is no such file, or none that can be read."""
    try:
        return json.loads(Path(path).read_text())
    except (OSError, ValueError):
        return None


def point_link(path, target):
    """The link changes at once from the old target to the new one."""
    new = Path(f"{path}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    os.symlink(target, new)
    os.rename(new, path)
    sync_directory(Path(path).parent)


def sync_directory(path):
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

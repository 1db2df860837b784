"""The disk: what a backup or a restore needs, and what has to stay free for those who live from it."""

import os
import shutil

from . import docker
from .paths import BACKUPS, DATA, ROOT
from .speak import Problem

HINT = "make space: landfall ssh STACK -- sudo docker image prune --force; or fewer BACKUP_RETENTION_DAYS"


def reserve():
    """Bytes that a backup never takes: databases stop where the disk is full."""
    return min(512 << 20, shutil.disk_usage(ROOT).total // 20)


def keep_reserve(place=BACKUPS, code="backup.noSpace"):
    free = shutil.disk_usage(place).free
    if free < reserve():
        raise Problem(code, f"the disk is nearly full: {_text(free)} are free, and the application needs them", HINT)


def need(size, what):
    """Refuses before anything is written."""
    free = shutil.disk_usage(ROOT).free
    if free < size + reserve():
        raise Problem("backup.noSpace", f"{what} needs about {_text(size)}, and of the {_text(free)} that are free {_text(reserve())} have to stay so", HINT)


def places():
    """A directory on each disk that the application fills: ours, and docker's where that is another."""
    dockers = docker.root_directory()
    return [ROOT] if dockers is None or os.stat(dockers).st_dev == os.stat(ROOT).st_dev else [ROOT, dockers]


def careful(guard):
    """A guard that also ends what would leave the application no room, on each disk that it fills."""
    disks = places()

    def look():
        guard()
        for place in disks:
            keep_reserve(place, "deploy.noSpace")

    return look


def need_for_archive(size):
    """Of images: it lies here while docker unpacks it, and makes layers of what it has unpacked."""
    ours, *others = places()
    needed = {ours: size, others[0]: size * 2} if others else {ours: size * 3}
    for place, bytes_needed in needed.items():
        free = shutil.disk_usage(place).free
        if free < bytes_needed:
            where = f" in {place}" if others else ""
            raise Problem("deploy.noSpace", f"the images have {size} bytes, need about {bytes_needed}, and {free} are free on the server{where}", "make space: landfall ssh STACK -- sudo docker image prune --force")


def size_of(paths):
    """Bytes of data directories, as far as they can be read."""
    total = 0
    for path in paths:
        for directory, _, names in os.walk(DATA / path):
            for name in names:
                try:
                    total += os.lstat(os.path.join(directory, name)).st_blocks * 512
                except OSError:
                    pass
    return total


def _text(size):
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024 or unit == "MiB" and size < 10240:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"

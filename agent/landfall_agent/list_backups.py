"""What is kept, and its bytes."""

import os
import sys

from . import backups, release, timer
from .backup_health import last_attempt


def list_backups(request, speaker, _source):
    """All of them, or those of the application that serves."""
    serving = release.current()
    listed = [one for one in backups.kept() if not (request.get("own") and serving) or one.facts.get("application") == serving.application]
    speaker.result(
        backups=[{**one.facts, **one.summary()} for one in reversed(listed)],
        last=last_attempt(serving and serving.application),
        timer=timer.state(serving),
    )


def send(arguments):
    """`send ID NAME`: one file of a backup, to standard output."""
    backup_id, name = arguments
    backup = backups.load(backup_id)
    names = ["manifest.json", *(file["name"] for file in backup.facts["files"])] if backup else []
    if name not in names:
        print("there is no such backup", file=sys.stderr)
        return 1
    with open(backup.path / name, "rb") as content:
        while piece := content.read(1 << 18):
            while piece:
                piece = piece[os.write(1, piece):]
    return 0

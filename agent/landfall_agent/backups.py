"""Backups as they stand on the server: backups/ID/manifest.json, with `created` (RFC 3339) and `ok`."""

import os

from .durable import read_json
from .paths import BACKUPS


def newest():
    """The newest whole backup; None where there is none."""
    try:
        names = sorted(os.listdir(BACKUPS), reverse=True)
    except OSError:
        return None
    for name in names:
        facts = None if name.startswith(".") else read_json(BACKUPS / name / "manifest.json")
        if facts is not None and "created" in facts:
            return {"id": name, "created": facts["created"]}
    return None

"""What is not needed any more: releases beyond the last five, their images, agents that nothing uses."""

import os
import shutil
import time
from pathlib import Path

from . import images, release
from .paths import AGENT, AGENT_IN_USE, RELEASES

MOST = 5
DAY = 24 * 60 * 60


def prune(serving):
    everything = release.kept()
    # A rollback goes to the previous one, which after an earlier rollback may be the oldest.
    safe = [one.id for one in everything if one.id in (serving.id, serving.previous)]
    others = [one for one in everything if one.id not in safe]
    old = others[: max(0, len(others) - (MOST - len(safe)))]
    kept = [one for one in everything if one not in old]
    for one in old:
        release.remove(one.id)
    images.remove_unused(kept)
    for name in os.listdir(RELEASES):
        if name.startswith("."):
            shutil.rmtree(RELEASES / name, ignore_errors=True)
    _prune_agents()


def _prune_agents():
    try:
        names = os.listdir(AGENT)
        used = {Path(os.readlink(AGENT_IN_USE)).name, AGENT_IN_USE.name, Path(__file__).resolve().parent.parent.name}
    except OSError:
        return
    for name in set(names) - used:
        if time.time() - (AGENT / name).stat().st_mtime > DAY:
            shutil.rmtree(AGENT / name, ignore_errors=True)

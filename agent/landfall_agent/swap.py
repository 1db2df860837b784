"""
Data directories change places: the old ones go to restore/old, the fresh ones from restore/new to where they belong. At
each moment what lies where says how far it came, so that whoever finds it can go back.
"""

import os
import shutil

from .durable import sync_directory
from .intake import make_parents
from .paths import DATA, RESTORE

NEW, OLD, FAILED = RESTORE / "new", RESTORE / "old", RESTORE / "failed"


def put_in(paths):
    for path in paths:
        if os.path.lexists(DATA / path):
            _move(DATA / path, OLD / path)
        _move(NEW / path, DATA / path)


def put_back(paths, existed):
    """As it was before `put_in`, wherever that ended; can be repeated."""
    for path in reversed(paths):
        arrived = not os.path.lexists(NEW / path)
        if os.path.lexists(OLD / path):
            if os.path.lexists(DATA / path):
                shutil.rmtree(FAILED / path, ignore_errors=True)
                _move(DATA / path, FAILED / path)
            _move(OLD / path, DATA / path)
        elif path not in existed and arrived and os.path.lexists(DATA / path):
            shutil.rmtree(FAILED / path, ignore_errors=True)
            _move(DATA / path, FAILED / path)


def discard():
    """All that is left of a restore or a trial, except data that serve."""
    shutil.rmtree(RESTORE, ignore_errors=True)


def _move(source, target):
    make_parents(target.parents[len(target.parents) - 2], target.parent)
    os.rename(source, target)
    sync_directory(source.parent)
    sync_directory(target.parent)

"""Puts right what a change has left: the release that served before serves again."""

from . import backups, docker, images, lock, release, swap, trial
from .durable import read_json, write_json
from .paths import CHANGE, IMAGES
from .redact import redactor
from .speak import Problem


def heal():
    """
    Ends the change that deploy.json tells of, if there is one, and says in a clause what serves now, or why nothing
    does: containers that cannot be started must not keep out the change that would help. Needs the lock.
    """
    change = read_json(CHANGE)
    if change is None:
        return None
    mark = change.get("mark") or change.get("release") or change.get("backup")
    if mark is not None:
        docker.end_marked(mark)
    said = _undo_switch(change) if change["command"] in ("deploy", "rollback") else _undo_restore(change)
    IMAGES.unlink(missing_ok=True)
    lock.finish()
    return said


def _undo_switch(change):
    serving = release.current()
    target = change.get("release")
    if serving is not None and serving.id == target:
        return f"release {target} serves"
    said = None
    if change.get("touched"):
        failed = release.load(target) if target else None
        left = _end_hooks(serving, failed)
        said = bring_back(serving, failed)
        if left:
            said += f"; a hook may still be at work, for its container could not be removed ({'; '.join(left)})"
    if target is not None and change["command"] == "deploy":
        release.remove(target)
        if change.get("archive"):
            _make_room()
    return said


def _make_room():
    """What an archive brought comes again with the next one, which may need the room."""
    try:
        images.remove_unused(release.kept())
    except (Problem, TimeoutError, OSError):
        pass


def _end_hooks(*releases):
    """They would go on changing the data of what serves again. Gives what is wrong, as lines."""
    projects = sorted({one.application for one in releases if one is not None})
    return [line for project in projects for line in docker.remove_single(project)]


def _undo_restore(change):
    """Of a restore, of its trial, or of a backup."""
    said = None
    if change["command"] != "backup":
        trial.remove()
    if change.get("committed"):
        said = f"backup {change.get('backup')} is restored"
    elif change.get("touched"):
        serving = release.current()
        docker.compose(serving, "stop", timeout=300)
        swap.put_back(change["paths"], change["existed"])
        said = f"the data of before are back, and {bring_back(serving, None)}"
    swap.discard()
    if change.get("backup"):
        backups.remove_partial(change["backup"])
    return said


def bring_back(serving, failed):
    """Containers of the release that `current` names; of a first one that failed nothing stays."""
    if failed is not None and (serving is None or failed.application != serving.application):
        docker.compose(failed, "down", "--remove-orphans", timeout=300)
    if serving is None:
        return "nothing serves, as before"
    try:
        outcome = up(serving)
    except TimeoutError as error:
        return _not_started(serving, [str(error)])
    if outcome.status != 0:
        return _not_started(serving, outcome.last_lines(3))
    return f"release {serving.id} serves again"


def _not_started(serving, lines):
    clean = redactor(serving.secrets)
    why = "; ".join(clean(line.strip()) for line in lines)
    return f"release {serving.id} could not be started again ({why}): look at landfall app logs STACK, then deploy, roll back or restore"


def up(wanted, **options):
    """
    Makes every container anew: compose leaves one alone whose service is the same in two releases, and it would go on
    with the files of the other one, which are removed one day.
    """
    how = ("--detach", "--remove-orphans", "--no-build", "--pull", "never", "--force-recreate")
    return docker.compose(wanted, "up", *how, **{"timeout": 900, **options})


def mark_touched():
    """Said before the first container is touched, so that whoever finds the change knows."""
    change = read_json(CHANGE)
    write_json(CHANGE, {**change, "touched": True})

"""Puts right what a change has left: the release that served before serves again."""

from . import backups, docker, lock, release, swap, trial
from .durable import read_json, write_json
from .paths import CHANGE, IMAGES
from .redact import redactor
from .speak import Problem


def heal():
    """
    Ends the change that deploy.json tells of, if there is one, and says in a clause what serves now. Needs the lock.
    Raises undo.failed where containers cannot be started; the next change tries again.
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
        said = bring_back(serving, release.load(target) if target else None)
    if target is not None and change["command"] == "deploy":
        release.remove(target)
    return said


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
    outcome = up(serving)
    if outcome.status != 0:
        raise Problem(
            "undo.failed",
            f"release {serving.id} could not be started again",
            "look at docker: landfall ssh STACK -- sudo docker ps --all; then: landfall app rollback STACK",
            problems=list(map(redactor(serving.secrets), outcome.last_lines())),
        )
    return f"release {serving.id} serves again"


def up(wanted, *more, **options):
    return docker.compose(
        wanted, "up", "--detach", "--remove-orphans", "--no-build", "--pull", "never", *more, **{"timeout": 900, **options}
    )


def mark_touched():
    """Said before the first container is touched, so that whoever finds the change knows."""
    change = read_json(CHANGE)
    write_json(CHANGE, {**change, "touched": True})

"""
Brings a backup back, or tries whether it could be. Both load it into fresh directories, beside what serves; a restore
then lets them change places, and what was there before goes only once the application is healthy with them.
"""

import os
import time

from . import arrival, backups, docker, lock, release, supervise, swap, trial
from .affected import is_within, replaced_paths, topmost
from .checks import failures, wait_until_good
from .durable import write_json
from .hold import hold
from .intake import make_directory
from .logs import last_lines
from .paths import DATA, RESTORE, ROOT
from .redact import redactor
from .space import keep_reserve, need
from .speak import Problem
from .steps import note, steps
from .undo import heal, mark_touched, up
from .unpack import unpack

# How much the dump of a restored database may differ from the one that was restored: times stand in it.
LIKE = 0.05
SLACK = 512


def restore(request, speaker, source):
    def carry_out(chosen, serving, tell):
        return _restore(chosen, serving, tell, request.get("skip_health"))

    _begin("restore", request, speaker, source, carry_out)


def verify(request, speaker, source):
    _begin("verify", request, speaker, source, _verify)


def _begin(command, request, speaker, source, carry_out):
    descriptor = hold(request, speaker, source)
    serving = release.current()
    given = request.get("manifest")
    mark = f"{command}-{os.getpid()}"
    lock.begin(command, request["holder"], mark=mark)
    try:
        chosen = backups.find(request.get("backup"), serving and serving.application) if given is None else arrival.receive(given, source, speaker)
        note(backup=chosen.id)
        _fits(chosen, serving)
    except (Problem, OSError) as error:
        heal()
        if isinstance(error, OSError):
            raise Problem(f"{command}.failed", f"the backup cannot be kept: {error.strerror}", "look at the disk: landfall app status STACK") from None
        raise

    def work(tell):
        try:
            facts = carry_out(chosen, serving, tell)
        except (Problem, lock.LeaseLost, TimeoutError, OSError) as error:
            raise _undone(command, error, tell) from None
        lock.finish()
        tell.result(backup=chosen.summary(), **facts)

    supervise.follow(speaker, source, supervise.start(work, descriptor, mark))


def _fits(chosen, serving):
    """Whether the application that serves is the one that the backup is of, and knows what is in it."""
    hint = "nothing was changed; deploy the application that the backup is of: landfall deploy STACK"
    if serving is None:
        raise Problem("app.none", "no application is deployed, and only one that is knows where its data belong", hint)
    if chosen.facts["application"] != serving.application:
        raise Problem("restore.other", f"the backup is of {chosen.facts['application']}, and {serving.application} is deployed", hint)
    if chosen.encrypted:
        raise Problem("backup.encrypted", f"backup {chosen.id} is encrypted, and the server has no key", "give yours: --identity FILE; it stays on your computer")
    declared = serving.facts.get("backup") or {"files": []}
    if chosen.file("dump") and not declared.get("dump"):
        raise Problem("restore.noDump", "the backup has a dump, and the application that is deployed takes none", hint)
    unknown = set((chosen.file("files") or {}).get("paths", [])) - set(declared["files"])
    if unknown:
        raise Problem("restore.unknownFiles", f"the backup has {', '.join(sorted(unknown))}, which the application that is deployed does not back up", hint)


def _restore(chosen, serving, tell, skip_health):
    step = steps(tell)
    # Before the data of before go: a database that stayed empty may well be healthy.
    paths = _prepare(chosen, serving, step, lambda loaded: None if skip_health else _compare("restore", chosen, loaded))
    existed = [path for path in paths if os.path.lexists(DATA / path)]
    within = serving.facts["healthy_within"]
    with step("switch", "fresh data in the place of the old"):
        note(paths=paths, existed=existed)
        mark_touched()
        _stop(serving)
        swap.put_in(paths)
        outcome = up(serving, guard=lock.guard, timeout=within + 60)
        if outcome.status != 0:
            raise _failed(serving, "the containers could not be started with the restored data", outcome.last_lines())
    reports = []
    if not skip_health:
        with step("health", "health"):
            reports = wait_until_good(serving, time.monotonic() + within, tell, lock.guard)
    if failures(reports):
        raise _failed(serving, f"the application is not healthy with the restored data within {within} s", [], reports)
    lock.guard()
    with step("commit", "old data removed"):
        note(committed=True)
        swap.discard()
    backups.remove_arrived(chosen)
    return {"checks": reports, "release": serving.summary(), "paths": paths}


def _verify(chosen, serving, tell):
    dump = chosen.file("dump")
    seen = []

    try:
        _prepare(chosen, serving, steps(tell), lambda loaded: seen.append(_compare("verify", chosen, loaded)))
    finally:
        trial.remove()
        swap.discard()
    kept = backups.load(chosen.id)
    # A copy that came from elsewhere is the same backup, decrypted at most.
    if kept is not None and all(kept.facts.get(name) == chosen.facts.get(name) for name in ("application", "created", "by")):
        write_json(kept.path / "verified.json", lock.now())
    backups.remove_arrived(chosen)
    return {"dump": {"content": dump["content"], "again": seen[0]} if dump else None, "release": serving.summary()}


def _compare(command, chosen, loaded):
    """Bytes of what the database dumps that has taken the dump; raises where it is another one."""
    size, before = loaded.dump_size(lock.guard), chosen.file("dump")["content"]
    if size == 0 or abs(size - before) > before * LIKE + SLACK:
        hints = {
            "verify": "do not rely on this backup; make another: landfall app backup STACK",
            "restore": "choose another: landfall app backups STACK; where the database is a newer one, which dumps otherwise: SKIP_HEALTH_CHECK=true",
        }
        raise Problem(f"{command}.differs", f"the restored database dumps to {size} bytes, and the backup's dump has {before}", hints[command])
    return size


def _prepare(chosen, serving, step, look):
    """Fresh directories with what the backup holds, and no container on them; gives their paths."""
    trial.remove()
    swap.discard()
    with step("checksums", "checksums"):
        damages = chosen.damages(lock.guard)
        if damages:
            raise Problem("restore.damaged", f"backup {chosen.id} is damaged", "choose another: landfall app backups STACK", problems=damages)
    dump, files = chosen.file("dump"), chosen.file("files")
    need((dump["content"] * 2 if dump else 0) + (files["content"] if files else 0), "the restored data")
    paths = replaced_paths(serving, dump is not None, files["paths"] if files else [])
    mounted = [path for path in paths if _is_elsewhere(DATA / path)]
    if mounted:
        raise Problem("restore.mounted", f"{' and '.join(mounted)} in {DATA} is on a disk of its own, and cannot change places with fresh data", f"let all of {ROOT} be on that disk (DATA_DISK_SIZE), or declare directories below it in backup.files")
    RESTORE.mkdir(mode=0o700, exist_ok=True)
    swap.NEW.mkdir(mode=0o700)
    fresh = [directory for directory in serving.facts["data"] if any(is_within(directory["path"], path) for path in paths)]
    if files:
        for directory in fresh:
            # One with a copied one below it, which would make it otherwise, and not for its owner.
            if any(path != directory["path"] and is_within(path, directory["path"]) for path in topmost(files["paths"])):
                make_directory(swap.NEW, directory)
        with step("files", f"copies of {', '.join(files['paths'])}"):
            unpack(chosen.path / files["name"], swap.NEW, files["paths"], _careful)
    for directory in fresh:
        make_directory(swap.NEW, directory)
    if dump:
        loaded = trial.Trial(serving, RESTORE, swap.NEW)
        with step("start", f"{serving.facts['backup']['dump']['service']} beside the application"):
            loaded.start(lock.guard)
        with step("load", "dump loaded"):
            loaded.load(chosen.path / dump["name"], _careful)
            look(loaded)
            loaded.stop(lock.guard)
    return paths


def _is_elsewhere(path):
    return path.exists() and path.stat().st_dev != ROOT.stat().st_dev


def _careful():
    """Nobody knows before how much a database makes of its dump, and the one that serves needs the disk, too."""
    lock.guard()
    keep_reserve(ROOT)


def _stop(serving):
    outcome = docker.compose(serving, "stop", guard=lock.guard, timeout=300)
    if outcome.status != 0:
        raise _failed(serving, "the containers could not be stopped", outcome.last_lines())


def _failed(serving, message, lines, reports=()):
    clean = redactor(serving.secrets)
    logs = last_lines(serving, reports)
    return Problem("restore.failed", message, "look at the logs, and choose another backup", checks=list(reports), problems=list(map(clean, lines)), logs=logs)


def _undone(command, error, tell):
    """The same error, which also says what serves now."""
    if isinstance(error, lock.LeaseLost):
        error = Problem(f"{command}.abandoned", "the operator was not heard of any more", "run the same command again")
    elif not isinstance(error, Problem):
        error = Problem(f"{command}.failed", str(error), "look at docker and at the disk: landfall app status STACK")
    tell.say("progress", step="undo", title="undo", state="started")
    undone = heal()
    tell.say("progress", step="undo", title="undo", state="finished")
    error.event["message"] += f"; {undone or 'nothing was changed'}"
    return error

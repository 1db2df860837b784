"""Makes a backup: the database's own dump, and copies of data directories, while the application serves."""

import errno
import os

from . import backups, docker, lock, release, streams, supervise, timer
from .affected import dumped_paths, is_within, left_out, topmost
from .durable import read_json, sync_directory, write_json
from .hold import hold
from .paths import BACKUPS, DATA, LAST_BACKUP, ROOT
from .redact import redactor
from .space import need, size_of
from .speak import Problem, Speaker
from .steps import steps
from .storing import Store
from .undo import heal

FORMAT = 1
# A timer waits for a deploy under way; seconds.
PATIENCE = 3600
KEEP_DAYS = 7


def backup(request, speaker, source):
    descriptor = hold(request, speaker, source)
    serving, backup_id, by = release.current(), backups.new_id(), _name(request["holder"])
    lock.begin("backup", request["holder"], backup=backup_id)

    def work(tell):
        _attempt(backup_id, serving, by, tell, lock.guard)

    supervise.follow(speaker, source, supervise.start(work, descriptor, backup_id))


def scheduled(_arguments):
    """What the timer calls: nobody listens, and what fails shows in the unit, in `status` and in `health`."""
    speaker = Speaker()
    holder = {"user": "timer", "host": os.uname().nodename}
    # Until there is an attempt, which notes itself.
    facts = {"id": None, "application": None, "by": _name(holder), "began": lock.now()}
    try:
        with lock.held(PATIENCE):
            heal()
            backup_id = backups.new_id()
            docker.mark(backup_id)
            lock.begin("backup", holder, backup=backup_id)
            facts = {}
            _attempt(backup_id, release.current(), _name(holder), speaker, lock.renew)
        return 0
    except Exception as error:  # noqa: BLE001 -- docker that hangs, a disk that takes nothing: it has to be seen all the same
        problem = error if isinstance(error, Problem) else Problem("backup.failed", str(error) or repr(error), "look at docker and at the disk: landfall app status STACK")
        speaker.problem(problem)
        _note(**facts, problem=problem.event["message"], ended=lock.now())
        return 1


def _attempt(backup_id, serving, by, tell, guard):
    """Leaves a whole backup or none, and a word on how it went either way."""
    _note(id=backup_id, application=serving and serving.application, by=by, began=lock.now(), ended=None, problem=None)
    try:
        made = _make(backup_id, serving, by, tell, guard)
    except BaseException as error:
        problem = _problem(error)
        backups.remove_partial(backup_id)
        _note(problem=problem.event["message"] if problem else f"a bug: {error!r}", ended=lock.now())
        lock.finish()
        if problem is None:
            raise
        raise problem from None
    _note(ended=lock.now())
    timer.forget_failure()
    lock.finish()
    tell.result(backup=made.summary(), manifest=made.facts)


def _make(backup_id, serving, by, tell, guard):
    declared = (serving.facts if serving else {}).get("backup")
    if not declared:
        raise Problem("backup.nothing", "there is no application that declares what to back up", "write `backup` in application.yaml, then deploy")
    days = declared.get("retention_days") or KEEP_DAYS
    step = steps(tell, guard)
    BACKUPS.mkdir(mode=0o700, parents=True, exist_ok=True)
    dump, paths, recipients = declared.get("dump"), declared["files"], declared.get("recipients") or []
    dumped = dumped_paths(serving)
    last = backups.newest(serving.application)
    wanted = last.size * 5 // 4 if last else size_of([*paths, *dumped]) // 2
    try:
        need(wanted, "a backup")
    except Problem:
        # Only then before there is another one: where backups fail for days, the good ones of before have to stay.
        backups.expire(days)
        need(wanted, "a backup")
    place = BACKUPS / f".{backup_id}.partial"
    place.mkdir(mode=0o700)
    files = []
    if dump:
        with step("dump", f"dump of {dump['service']}"):
            files.append(_store("dump", place / f"{os.path.basename(dump['file'])}.gz", recipients, _dump(serving, dump, guard)))
    if paths:
        with step("files", f"copy of {', '.join(paths)}"):
            files.append({**_store("files", place / "files.tar.gz", recipients, _files(paths, dumped, guard)), "paths": paths})
    facts = {
        "backup": FORMAT,
        "id": backup_id,
        "application": serving.application,
        "release": serving.id,
        "created": lock.now(),
        "by": by,
        "recipients": recipients,
        "files": files,
    }
    guard()
    write_json(place / "manifest.json", facts)
    sync_directory(place)
    os.rename(place, BACKUPS / backup_id)
    sync_directory(BACKUPS)
    backups.expire(days)
    return backups.load(backup_id)


def _store(kind, path, recipients, fill):
    store = Store(path, recipients)
    try:
        fill(store.write)
        return {"kind": kind, **store.close()}
    except BaseException:
        store.abandon()
        raise


def _dump(serving, dump, guard):
    def fill(take):
        seen = []

        def count(piece):
            seen[:] = [True]
            take(piece)

        words = [*docker.compose_words(serving), "exec", "-T", dump["service"], *dump["command"]]
        outcome = streams.produce(words, count, variables=serving.variables(), guard=guard)
        if outcome.status != 0 or not seen:
            how = f"ended with status {outcome.status}" if outcome.status != 0 else "wrote nothing"
            lines = list(map(redactor(serving.secrets), outcome.last_lines()))
            raise Problem("backup.dump", f"backup.dump.command in {dump['service']} {how}", "look at the database: landfall app logs STACK", problems=lines)

    return fill


def _files(paths, dumped, guard):
    """By tar, which takes files that change meanwhile as they are. What the dump holds is not copied; each path is, or there is no backup."""

    def fill(take):
        absent = [path for path in paths if not (DATA / path).is_dir()]
        if absent:
            raise _not_copied(absent)
        linked = [path for path in topmost(paths) if (DATA / path).is_symlink()]
        if linked:
            raise Problem("backup.link", f"{' and '.join(linked)} in {DATA} is a link, and what it leads to would not be in the backup", f"move it to where the link is; a disk of its own is for all of {ROOT} (DATA_DISK_SIZE)")
        without = [f"--exclude={path}" for path in left_out(dumped, paths)]
        missing = set(paths)

        def hear(line):
            """Of the names that tar tells, those of the members are none that something went wrong with."""
            if line.startswith("tar: "):
                return False
            missing.difference_update([path for path in missing if is_within(line, path)])
            return True

        words = ["tar", "--create", "--verbose", "--quoting-style=literal", "--numeric-owner", "--anchored", *without]
        outcome = streams.produce([*words, "--directory", str(DATA), "--", *topmost(paths)], take, guard=guard, hear=hear)
        # 1: a file changed while it was read.
        if outcome.status not in (0, 1):
            raise Problem("backup.files", "data directories cannot be copied", "look at the disk: landfall app status STACK", problems=outcome.last_lines(4))
        if missing:
            raise _not_copied(missing)

    return fill


def _not_copied(paths):
    return Problem("backup.files", f"nothing of {' and '.join(sorted(paths))} in {DATA} would be in the backup", "look at the directory, and at backup.files of application.yaml")


def _problem(error):
    """What the operator can do something about; None for a bug."""
    if isinstance(error, lock.LeaseLost):
        return Problem("backup.abandoned", "the operator was not heard of any more; nothing is left of the backup", "run the same command again")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem("backup.noSpace", "the disk became full; nothing is left of the backup", "make space: landfall ssh STACK -- sudo docker image prune --force")
    return error if isinstance(error, Problem) else None


def _note(**facts):
    write_json(LAST_BACKUP, {**(read_json(LAST_BACKUP) or {}), **facts})


def _name(holder):
    return f"{holder.get('user')}@{holder.get('host')}"

"""The changes of what serves: deploy and rollback."""

import json
import time
from pathlib import Path

from . import boot, docker, encryption, intake, lock, release, supervise, timer
from .affected import dumped_paths
from .checks import ended, failures, look, needed, wait_until_good
from .durable import point_link, read_json
from .hold import hold
from .images import provide, provide_again
from .logs import last_lines
from .paths import AGENT_IN_USE, CHANGE, CURRENT, IMAGES, ROOT
from .prune import prune
from .redact import redactor
from .releases import earlier
from .space import need_for_archive
from .speak import Problem
from .steps import steps
from .undo import heal, mark_touched, up


def deploy(request, speaker, source):
    wanted = request["release"]
    descriptor = hold(request, speaker, source)
    serving = release.current()
    if not request.get("force") and _serves_already(wanted, serving, speaker):
        return
    target = intake.new_id(wanted["digest"])
    images = request.get("images")
    try:
        lock.begin("deploy", request["holder"], release=target, previous=serving and serving.id, archive=bool(images))
        if images:
            _receive_images(images["size"], source, speaker)
    except OSError as error:
        heal()
        raise Problem("deploy.noSpace", f"what arrives cannot be kept: {error.strerror}", "make space: landfall ssh STACK -- sudo docker image prune --force") from None
    except Problem:
        heal()
        raise

    def work(tell):
        _carry_out(request, tell, serving, lambda step: _arrive(target, request, step, images))

    supervise.follow(speaker, source, supervise.start(work, descriptor, target))


def rollback(request, speaker, source):
    descriptor = hold(request, speaker, source)
    serving = release.current()
    target = earlier(serving, request.get("release"))
    lock.begin("rollback", request["holder"], release=target.id, previous=serving and serving.id)

    def arrive(step):
        with step("images", "images"):
            provide_again(target, lock.guard)
        return target

    def work(tell):
        _carry_out(request, tell, serving, arrive)

    supervise.follow(speaker, source, supervise.start(work, descriptor, target.id))


def _serves_already(wanted, serving, speaker):
    """Whether the same content serves, and works."""
    if serving is None or serving.facts["digest"] != wanted["digest"]:
        return False
    # Backups that fail are no reason to deploy again.
    if failures(needed(serving)):
        return False
    _keep_timer(serving, speaker)
    reports = look(serving)
    for report in reports:
        speaker.say("check", **report)
    speaker.result(changed=False, release=serving.summary(), previous=serving.id, checks=reports)
    return True


def _receive_images(size, source, speaker):
    need_for_archive(size)
    speaker.say("progress", step="upload", title="images, sent to the server", state="started")
    with open(IMAGES, "wb") as file:
        source.copy(size, file.write, lock.renew)
    speaker.say("progress", step="upload", title="images, sent to the server", state="finished")


def _arrive(target, request, step, images):
    with step("release", "release on the server"):
        arriving = intake.unpack(target, request["release"], _name(request["holder"]))
    with step("check", "check with compose"):
        services = _services(arriving)
        # A backup that nobody could restore is refused before anything is switched.
        dumped_paths(arriving, services)
        if timer.wanted(arriving) is not None:
            timer.check(timer.wanted(arriving))
        encryption.provide(arriving)
    with step("images", "images"):
        named = {name: service.get("image", "") for name, service in services.items()}
        images = provide(arriving, named, IMAGES if images else None, lock.guard)
        IMAGES.unlink(missing_ok=True)
    arriving.facts["services"] = {name: service.get("restart", "no") for name, service in services.items()}
    arriving.facts["images"] = images
    intake.make_data(arriving)
    return intake.settle(arriving)


def _services(arriving):
    """By name, as compose understands them; what it refuses is not deployed."""
    outcome = docker.compose(arriving, "config", "--format", "json", timeout=180, guard=lock.guard)
    if outcome.status != 0:
        lines = list(map(redactor(arriving.secrets), outcome.last_lines()))
        raise Problem("deploy.compose", "compose refuses compose.yaml", "mend compose.yaml", problems=lines)
    return json.loads(outcome.out).get("services", {})


def _carry_out(request, tell, serving, arrive):
    target = None
    try:
        target = arrive(steps(tell))
        reports = _switch(request, tell, serving, target)
        done = None if request.get("skip_health") else ended(target)
        lock.guard()
        with steps(tell)("commit", "commit"):
            _commit(target, serving, done)
    except (Problem, lock.LeaseLost, TimeoutError) as error:
        raise _undone(error, tell, serving, target) from None
    lock.finish()
    _tidy(target, tell)
    tell.result(changed=True, release=target.summary(), previous=serving and serving.id, checks=reports)


def _commit(target, serving, done):
    """
    It serves from now on, and knows which of its services had ended then, and what served when it came: a rollback to it
    does not make the one that it ended the better one.
    """
    target.note(**{"previous": serving and serving.id, **target.facts, "ended": done})
    point_link(CURRENT, target.path.relative_to(ROOT))


def _switch(request, tell, serving, target):
    step = steps(tell)
    _hooks(target, "before_switch", step)
    mark_touched()
    within = target.facts["healthy_within"]
    with step("switch", "switch"):
        if serving is not None and serving.application != target.application:
            docker.compose(serving, "down", "--remove-orphans", timeout=300, guard=lock.guard)
        outcome = up(target, guard=lock.guard, timeout=within + 60)
        if outcome.status != 0:
            raise _with_logs(
                target,
                "deploy.switch",
                "the containers could not be started",
                problems=list(map(redactor(target.secrets), outcome.last_lines())),
            )
    _hooks(target, "after_switch", step)
    if request.get("skip_health"):
        return []
    with step("health", "health"):
        reports = wait_until_good(target, time.monotonic() + within, tell, lock.guard)
    if failures(reports):
        raise _with_logs(
            target, "deploy.unhealthy", f"the new release is not healthy within {within} s", checks=reports
        )
    return reports


def _hooks(target, when, step):
    hooks = target.facts["hooks"][when]
    for hook in hooks:
        with step(when, f"hook {when} in {hook['service']}"):
            how = ("run", "--rm", "--no-deps", "-T") if hook["in"] == "run" else ("exec", "-T")
            # Where it is cut off it goes on, in a container of its own or in one that serves, until it is undone.
            mark_touched()
            outcome = docker.compose(target, *how, hook["service"], *hook["command"], guard=lock.guard, timeout=900)
            if outcome.status != 0:
                clean = redactor(target.secrets)
                message = f"a command of hooks.{when} in {hook['service']} ended with status {outcome.status}"
                raise Problem("deploy.hook", message, "mend the hook", problems=list(map(clean, outcome.last_lines())))


def _with_logs(target, code, message, *, checks=(), problems=()):
    logs = last_lines(target, checks)
    return Problem(code, message, "mend what failed, then deploy again", checks=list(checks), problems=list(problems), logs=logs)


def _undone(error, tell, serving, target):
    """The same error, which also says what serves now."""
    change = read_json(CHANGE) or {}
    if isinstance(error, lock.LeaseLost):
        error = Problem("deploy.abandoned", "the operator was not heard of any more", "run the same command again")
    elif isinstance(error, TimeoutError):
        error = _with_logs(target, "deploy.slow", str(error)) if target else Problem("deploy.slow", str(error), "try again")
    if change.get("touched"):
        tell.say("progress", step="undo", title="undo", state="started")
    undone = heal() or (f"release {serving.id} serves as before" if serving else "nothing was changed")
    if change.get("touched"):
        tell.say("progress", step="undo", title="undo", state="finished")
    error.event["message"] += f"; {undone}"
    error.event["serves"] = serving and serving.id
    return error


def _tidy(target, tell):
    """It serves: whatever fails now is only told."""
    for work in (_keep_agent, lambda: _keep_timer(target, tell), lambda: _keep_healer(tell), lambda: prune(target)):
        try:
            work()
        except Exception as error:  # noqa: BLE001 -- a full disk, a docker that hangs
            tell.say("notice", code="deploy.untidy", message=f"it serves, and not all that belongs to it could be done: {error}", hint="look at the disk: landfall app status STACK")


def _keep_timer(serving, tell):
    problem = timer.install(serving)
    if problem is not None:
        tell.say("notice", code="backup.timer", message=problem, hint="look: landfall app health STACK")


def _keep_healer(tell):
    problem = boot.install()
    if problem is not None:
        tell.say("notice", code="deploy.noHealer", message=problem, hint="look: landfall ssh STACK -- systemctl status")


def _keep_agent():
    """Timers use the agent of the last deploy."""
    here = Path(__file__).resolve().parent.parent
    if here.parent == AGENT_IN_USE.parent:
        point_link(AGENT_IN_USE, here.name)


def _name(holder):
    return f"{holder.get('user')}@{holder.get('host')}"

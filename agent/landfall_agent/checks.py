"""Whether the application works: every check is made, and every one is reported."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor

from . import backup_health, docker
from .probes import probe
from .redact import redactor
from .space import places
from .speak import Problem

PAUSE = 2


def health(_request, speaker, _source):
    from . import release

    serving = release.current()
    if serving is None:
        raise Problem("app.none", "no application is deployed", "landfall deploy STACK")
    reports = look(serving)
    outside = [check for check in serving.facts["health"] if "outside" in check["from"]]
    speaker.result(release=serving.summary(), checks=reports, outside=outside)


def look(serving):
    """What serves: containers, the manifest's own checks, disk, backup."""
    return [*declared(serving), disk(), *backup(serving)]


def failures(reports):
    return [report for report in reports if report["outcome"] == "bad"]


def wait_until_good(target, deadline, tell, guard):
    """Looks again and again until everything that a release needs was good twice, or the time is over."""
    good = 0
    known = {}
    while True:
        guard()
        began = time.monotonic()
        reports = needed(target, fresh=True)
        for report in reports:
            if known.get(report["name"]) != report["outcome"]:
                tell.say("check", **report)
            known[report["name"]] = report["outcome"]
        good = 0 if failures(reports) else good + 1
        if good == 2 or (time.monotonic() >= deadline and good == 0):
            return reports
        # On a small server looking takes what the containers need to start: no more than half of it.
        time.sleep(max(PAUSE, time.monotonic() - began))


def needed(serving, fresh=False):
    """`fresh` is what has just been started. What decides over a change: what no change could mend, as a certificate before the name points here, is only told."""
    lenient = {check["name"] for check in serving.facts["health"] if check.get("decides") is False}
    return [
        {**report, "outcome": "warning"} if report["outcome"] == "bad" and report["name"] in lenient else report
        for report in declared(serving, fresh)
    ]


def declared(serving, fresh=False):
    """Containers, and what the manifest checks."""
    clean = redactor(serving.secrets)
    checks = [check for check in serving.facts["health"] if "server" in check["from"]]
    with ThreadPoolExecutor(max_workers=8) as pool:
        probed = list(pool.map(probe, checks))
    reports = [
        _report(check["name"], "good" if good else "bad", clean(message)) for check, (good, message) in zip(checks, probed)
    ]
    return [*_containers(serving, fresh), *reports]


def ended(serving):
    """The services that have done their work; None where docker does not tell."""
    try:
        found = _found(serving)
    except (Problem, TimeoutError):
        return None
    return sorted(name for name, containers in found.items() if all(one["State"] == "exited" and one["ExitCode"] == 0 for one in containers))


def _found(serving):
    """Its containers, by service."""
    found = {}
    for container in docker.containers(serving.application):
        found.setdefault(container.get("Service"), []).append(container)
    return found


def _containers(serving, fresh):
    try:
        found = _found(serving)
    except Problem as problem:
        return [_report("docker", "bad", problem.event["message"])]
    # Those that ran when the release was found good ought to run; nobody knows where nobody looked.
    known = None if fresh else serving.facts.get("ended")
    services = sorted(serving.facts.get("services", {}).items())
    return [_service(name, restart, found.get(name, []), known is None or name in known) for name, restart in services]


def _service(name, restart, containers, may_end):
    label = f"service {name}"
    if not containers:
        return _report(label, "bad", "has no container")
    for container in containers:
        state, condition, code = container.get("State"), container.get("Health"), container.get("ExitCode")
        if state == "running":
            if condition not in (None, "", "healthy"):
                return _report(label, "bad", f"runs, but is {condition}")
        elif state == "exited" and code == 0 and (restart or "no").partition(":")[0] in ("no", "on-failure"):
            # `on-failure:5` tries five times.
            return _report(label, "good", "has done its work") if may_end else _report(label, "bad", "has ended, and it ran when it was deployed")
        else:
            return _report(label, "bad", f"is {state}" + ("" if not code else f" with status {code}"))
    return _report(label, "good", "runs" + (" and is healthy" if containers[0].get("Health") == "healthy" else ""))


def disk():
    """The one with the least left, where docker has one of its own."""
    found = [(place, shutil.disk_usage(place)) for place in places()]
    place, usage = min(found, key=lambda one: one[1].free / one[1].total)
    share = usage.free / usage.total
    where = f" in {place}" if len(found) > 1 else ""
    outcome = "bad" if share < 0.03 else "warning" if share < 0.1 else "good"
    return _report("disk", outcome, f"{usage.free / 2**30:.1f} GiB of {usage.total / 2**30:.1f} GiB are free{where}")


def backup(serving):
    seen = backup_health.look(serving)
    return [] if seen is None else [_report("backup", *seen)]


def _report(name, outcome, message):
    return {"name": name, "outcome": outcome, "message": message, "from": "server"}

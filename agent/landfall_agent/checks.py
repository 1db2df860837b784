"""Whether the application works: every check is made, and every one is reported."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor

from . import backup_health, docker
from .paths import ROOT
from .probes import probe
from .redact import redactor
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
    """Containers, the manifest's own checks, disk, backup."""
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
        reports = needed(target)
        for report in reports:
            if known.get(report["name"]) != report["outcome"]:
                tell.say("check", **report)
            known[report["name"]] = report["outcome"]
        good = 0 if failures(reports) else good + 1
        if good == 2 or (time.monotonic() >= deadline and good == 0):
            return reports
        # On a small server looking takes what the containers need to start: no more than half of it.
        time.sleep(max(PAUSE, time.monotonic() - began))


def needed(serving):
    """What decides over a change: what no change could mend, as a certificate before the name points here, is only told."""
    lenient = {check["name"] for check in serving.facts["health"] if check.get("decides") is False}
    return [
        {**report, "outcome": "warning"} if report["outcome"] == "bad" and report["name"] in lenient else report
        for report in declared(serving)
    ]


def declared(serving):
    """Containers, and what the manifest checks."""
    clean = redactor(serving.secrets)
    checks = [check for check in serving.facts["health"] if "server" in check["from"]]
    with ThreadPoolExecutor(max_workers=8) as pool:
        probed = list(pool.map(probe, checks))
    reports = [
        _report(check["name"], "good" if good else "bad", clean(message)) for check, (good, message) in zip(checks, probed)
    ]
    return [*_containers(serving), *reports]


def _containers(serving):
    found = {}
    try:
        for container in docker.containers(serving.application):
            found.setdefault(container.get("Service"), []).append(container)
    except Problem as problem:
        return [_report("docker", "bad", problem.event["message"])]
    return [
        _service(name, restart, found.get(name, [])) for name, restart in sorted(serving.facts.get("services", {}).items())
    ]


def _service(name, restart, containers):
    label = f"service {name}"
    if not containers:
        return _report(label, "bad", "has no container")
    for container in containers:
        state, condition, code = container.get("State"), container.get("Health"), container.get("ExitCode")
        if state == "running":
            if condition not in (None, "", "healthy"):
                return _report(label, "bad", f"runs, but is {condition}")
        elif state == "exited" and code == 0 and restart in ("no", "", None, "on-failure"):
            return _report(label, "good", "has done its work")
        else:
            return _report(label, "bad", f"is {state}" + ("" if not code else f" with status {code}"))
    return _report(label, "good", "runs" + (" and is healthy" if containers[0].get("Health") == "healthy" else ""))


def disk():
    usage = shutil.disk_usage(ROOT)
    share = usage.free / usage.total
    outcome = "bad" if share < 0.03 else "warning" if share < 0.1 else "good"
    return _report("disk", outcome, f"{usage.free / 2**30:.1f} GiB of {usage.total / 2**30:.1f} GiB are free")


def backup(serving):
    seen = backup_health.look(serving)
    return [] if seen is None else [_report("backup", *seen)]


def _report(name, outcome, message):
    return {"name": name, "outcome": outcome, "message": message, "from": "server"}

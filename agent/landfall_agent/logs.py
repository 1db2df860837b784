"""What services write, without the release's secrets."""

import os

from . import docker, release
from .redact import redactor
from .speak import Problem

LINES = 20


def logs(request, speaker, source):
    serving = release.current()
    if serving is None:
        raise Problem("app.none", "no application is deployed", "landfall deploy STACK")
    services = request.get("services") or []
    known = serving.facts.get("services", {})
    unknown = [name for name in services if name not in known]
    if unknown:
        raise Problem("app.noService", f"there is no service {', '.join(unknown)}; there are: {', '.join(sorted(known))}", "name one of these")
    clean = redactor(serving.secrets)
    words = ["logs", "--no-color", "--tail", str(int(request.get("tail", 100)))]
    if request.get("since"):
        words += ["--since", request["since"]]
    if request.get("follow"):
        words.append("--follow")

    def tell(line):
        service, bar, text = line.partition("|")
        speaker.say("log", service=service.strip(), line=clean(text[1:] if bar else line))

    def guard():
        if source.listen(0) is None or os.getppid() == 1:
            raise Problem("agent.cut", "nobody listens any more", "run the same command again")

    outcome = docker.compose(serving, *words, *services, on_line=tell, guard=guard if request.get("follow") else None)
    if outcome.status != 0:
        raise Problem("agent.docker", "compose gives no logs", "look at docker: landfall ssh STACK -- systemctl status docker")
    speaker.result(release=serving.summary())


def last_lines(target, checks):
    """Of every service whose checks failed; of all where none is to blame."""
    clean = redactor(target.secrets)
    known = target.facts.get("services", {})
    named = {check["name"]: check.get("service") for check in target.facts["health"]}
    bad = [check["name"] for check in checks if check["outcome"] == "bad"]
    blamed = {name[len("service "):] for name in bad if name.startswith("service ")} | {named.get(name) for name in bad}
    services = sorted(blamed & set(known)) or sorted(known)
    found = []
    for service in services:
        try:
            outcome = docker.compose(target, "logs", "--no-color", "--no-log-prefix", "--tail", str(LINES), service, timeout=30)
            lines = [clean(line) for line in (outcome.out + outcome.err).splitlines()[-LINES:]]
        except (Problem, TimeoutError) as error:
            lines = [f"its log cannot be read: {error}"]
        if lines:
            found.append({"service": service, "lines": lines})
    return found

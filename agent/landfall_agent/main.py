"""The commands of the agent. `serve` takes its request from standard input; the others are for timers and people."""

import os
import signal
import sys

from .backup import backup, scheduled
from .boot import healed
from .checks import health
from .deploy import deploy, rollback
from .execute import execute
from .list_backups import list_backups, send
from .logs import logs
from .releases import releases
from .restore import restore, verify
from .source import Source
from .speak import Problem, Speaker
from .status import status

PROTOCOL = 1

# By the name in the request: what is done with (request, speaker, source).
COMMANDS = {
    "deploy": deploy,
    "rollback": rollback,
    "status": status,
    "health": health,
    "logs": logs,
    "releases": releases,
    "backup": backup,
    "backups": list_backups,
    "restore": restore,
    "verify": verify,
}

# By the first argument, with the others; for calls without a request. Each gives an exit status.
DIRECT = {
    "exec": execute,
    "backup": scheduled,
    "heal": healed,
    "send": send,
}


def main(arguments):
    os.umask(0o077)
    name, *others = arguments or ["serve"]
    if name == "serve":
        return serve()
    if name not in DIRECT:
        print(f"there is no command {name}", file=sys.stderr)
        return 2
    return DIRECT[name](others)


def serve():
    # A lost connection shows at the end of what can be read, and is no reason to stop in the middle.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    speaker = Speaker()
    try:
        speaker.say("hello", protocol=PROTOCOL)
        source = Source()
        request = source.request()
        command = COMMANDS.get(request.get("command"))
        if command is None or request.get("protocol") != PROTOCOL:
            raise Problem("agent.request", f"the agent does not know {request.get('command')}", "use one version of Landfall")
        command(request, speaker, source)
    except Problem as problem:
        speaker.problem(problem)
    except TimeoutError as error:
        speaker.problem(Problem("agent.slow", str(error), "look at docker: landfall ssh STACK -- systemctl status docker"))
    except BrokenPipeError:
        return 1
    return 0

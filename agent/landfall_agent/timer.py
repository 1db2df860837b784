"""The timer of systemd that makes backups."""

import re
from calendar import timegm

from . import systemd
from .durable import sync_directory
from .paths import AGENT_IN_USE, ROOT, UNITS
from .speak import Problem

TIMER, SERVICE = "landfall-backup.timer", "landfall-backup.service"
SCHEDULE = re.compile(r"[A-Za-z0-9*:,./~ -]{1,100}")
DAY = 24 * 3600
LONGEST = 6 * 3600


def wanted(serving):
    declared = (serving.facts.get("backup") if serving else None) or {}
    return declared.get("schedule") if declared.get("enabled") else None


def period(schedule):
    """The longest pause between two backups, in seconds; None where systemd does not understand the schedule."""
    found = _pauses(schedule)
    return None if found is None else max(found, default=DAY)


def _pauses(schedule):
    """Between the backups of the next time, in seconds; as many as hold a weekend, also where there are several a day."""
    if SCHEDULE.fullmatch(schedule) is None:
        return None
    outcome = systemd.run("systemd-analyze", "calendar", "--iterations=60", schedule, variables={"TZ": "UTC"})
    if outcome is None or outcome.status != 0:
        return None
    times = re.findall(r"(?:elapse|#\d+): \w{3} (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) UTC", outcome.out)
    seconds = [timegm(tuple(map(int, one))) for one in times]
    return [later - earlier for earlier, later in zip(seconds, seconds[1:])]


def check(schedule):
    if SCHEDULE.fullmatch(schedule) and systemd.run("systemd-analyze", "--version") is None:
        return
    if period(schedule) is None:
        raise Problem("deploy.schedule", f"systemd on the server does not understand the schedule {schedule!r}", "write backup.schedule as OnCalendar of systemd, such as daily or *-*-* 03:30")


def install(serving):
    """As the release wants it. Gives what is wrong, as a sentence, where systemd does not do it."""
    schedule = wanted(serving)
    if schedule is None:
        return _remove()
    units = {SERVICE: _service(), TIMER: _timer(schedule, min(_pauses(schedule) or [DAY]))}
    return systemd.install(units, TIMER, running=True)


def state(serving):
    """What `status` says of it."""
    schedule = wanted(serving)
    shown = systemd.run("systemctl", "show", TIMER, "--property=ActiveState,NextElapseUSecRealtime")
    facts = dict(line.split("=", 1) for line in (shown.out if shown else "").splitlines() if "=" in line)
    return {
        "schedule": schedule,
        "active": facts.get("ActiveState") == "active",
        "next": facts.get("NextElapseUSecRealtime") or None,
    }


def failure():
    """How the last backup of the timer ended, as systemd says it; None where it went well, or where there was none."""
    shown = systemd.run("systemctl", "show", SERVICE, "--property=Result")
    lines = (shown.out if shown and shown.status == 0 else "").splitlines()
    result = next((line[len("Result="):] for line in lines if line.startswith("Result=")), "success")
    return None if result in ("", "success") else result


def forget_failure():
    """Of a backup that went well, whoever made it."""
    if failure() is not None:
        systemd.run("systemctl", "reset-failed", SERVICE)


def age_of_schedule(now):
    """Seconds since the timer was made or changed; None where there is none."""
    try:
        return now - (UNITS / TIMER).stat().st_mtime
    except OSError:
        return None


def _remove():
    if not any((UNITS / name).exists() for name in (TIMER, SERVICE)):
        return None
    problem = systemd.call(("disable", "--now", TIMER))
    for name in (TIMER, SERVICE):
        (UNITS / name).unlink(missing_ok=True)
    sync_directory(UNITS)
    return problem or systemd.call(("daemon-reload",))


def _service():
    return f"""[Unit]
Description=Backup of the application
Wants=docker.service
After=docker.service
RequiresMountsFor={ROOT}

[Service]
Type=oneshot
# It holds the server's lock: what hangs must not keep deploys out for ever.
TimeoutStartSec={LONGEST}
ExecStart=/usr/bin/python3 -I {AGENT_IN_USE} backup
Nice=10
IOSchedulingClass=idle
"""


def _timer(schedule, pause):
    return f"""[Unit]
Description=Backups of the application

[Timer]
OnCalendar={schedule}
RandomizedDelaySec={min(1800, pause // 10)}
Persistent=true

[Install]
WantedBy=timers.target
"""

"""Whether backups are made: the newest is young enough, the last attempt went well, and the timer runs."""

import time

from . import backups, timer
from .durable import read_json
from .lock import is_held
from .paths import LAST_BACKUP

HOUR = 3600


def last_attempt(application=None):
    """Of this application, where one is named; None where there was none. One that was killed has not ended, and nobody works on it."""
    last = read_json(LAST_BACKUP)
    # Of which one it was is not known of one that could not begin.
    if last is not None and application is not None and last.get("application") not in (None, application):
        last = None
    if is_held():
        return last
    if last is not None and not last.get("ended"):
        return {**last, "problem": "it was cut off"}
    # What could not even begin, or not note how it ended.
    failure = None if last and last.get("problem") else timer.failure()
    return last if failure is None else {"began": None, **(last or {}), "problem": f"{timer.SERVICE} ended with {failure}"}


def _of(last):
    return f", of {last['began']}," if last.get("began") else ""


def look(serving):
    """Outcome and clause; None where the application declares nothing to back up."""
    if not serving.facts.get("backup"):
        return None
    application = serving.application
    last, newest, schedule = last_attempt(application), backups.newest(application), timer.wanted(serving)
    age = None if newest is None else time.time() - backups.seconds_of(newest.id)
    known = "there is none yet" if age is None else f"the newest is {age / HOUR:.0f} h old"
    if last and last.get("problem"):
        return "bad", f"the last attempt{_of(last)} failed: {last['problem']}; {known}"
    if schedule is None:
        return ("warning" if newest is None else "good"), f"{known}; none are made by themselves (ENABLE_DB_BACKUPS)"
    if not timer.state(serving)["active"]:
        return "bad", f"the timer does not run; {known}"
    # Twice the pause, and what the timer and a deploy may delay it.
    patience = 2 * (timer.period(schedule) or timer.DAY) + HOUR
    waited = timer.age_of_schedule(time.time()) if age is None else age
    if waited is not None and waited > patience:
        return "bad", f"{known}, and there should be one {schedule}"
    return ("warning" if newest is None else "good"), known

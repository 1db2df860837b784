"""Every file of the agent, below one directory."""

import os
import re
from pathlib import Path

ROOT = Path(os.environ.get("LANDFALL_AGENT_ROOT", "/var/lib/torrust"))
AGENT = ROOT / "agent"
# The agent that came with the release that was deployed last; timers start it.
AGENT_IN_USE = AGENT / "current"
RELEASES = ROOT / "releases"
CURRENT = ROOT / "current"
DATA = ROOT / "data"
BACKUPS = ROOT / "backups"
# How the last attempt to make a backup went.
LAST_BACKUP = ROOT / "backup.json"
# Fresh data directories, and those that they replace, while a backup is restored or verified.
RESTORE = ROOT / "restore"
UNITS = Path(os.environ.get("LANDFALL_AGENT_UNITS", "/etc/systemd/system"))
# Held by whoever changes what serves.
LOCK = ROOT / "deploy.lock"
# What is being changed, while it is; left behind by a change that was cut off.
CHANGE = ROOT / "deploy.json"
# Its time says until when the operator has been heard of.
LEASE = ROOT / "deploy.lease"
# What the worker tells, one event a line.
EVENTS = ROOT / "deploy.ndjson"
IMAGES = ROOT / "images.tar"
# Names of images that deploys have asked for, as long as something may be left of them.
BROUGHT = ROOT / "images.json"

RELEASE_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{7}")

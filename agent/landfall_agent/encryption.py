"""age, where backups are for somebody's key."""

import shutil

from . import docker
from .speak import Problem


def provide(serving):
    """Installs it where it is wanted and absent."""
    recipients = (serving.facts.get("backup") or {}).get("recipients")
    if not recipients or shutil.which("age"):
        return
    words = ["apt-get", "-qy", "-o", "DPkg::Lock::Timeout=300"]
    # Nobody ends it in the middle, not whoever undoes this change either: packages would be half installed.
    variables = {"DEBIAN_FRONTEND": "noninteractive", docker.MARK: ""}
    lines = []
    for more in (["update"], ["install", "--no-install-recommends", "age"]):
        try:
            outcome = docker.run([*words, *more], variables=variables, timeout=600)
        except Problem:
            break
        lines = outcome.last_lines(4)
    if not shutil.which("age"):
        hint = "install the package age there, such as with: landfall ssh STACK -- sudo apt-get install age; or leave BACKUP_RECIPIENT out"
        raise Problem("deploy.noAge", "BACKUP_RECIPIENT is set, and age cannot be installed on the server", hint, problems=lines)

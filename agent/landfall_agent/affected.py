"""Which data directories a restore replaces: those that were copied, and those of the service that dumps."""

from pathlib import PurePosixPath

from . import docker
from .paths import DATA
from .speak import Problem


def replaced_paths(serving, has_dump, copied):
    """Data directories, in the order of the manifest; none below another."""
    wanted = {*copied, *(dumped_paths(serving) if has_dump else ())}
    return topmost([directory["path"] for directory in serving.facts["data"] if directory["path"] in wanted])


def topmost(paths):
    """Those that are below no other."""
    return [path for path in paths if not any(other != path and is_within(path, other) for other in paths)]


def dumped_paths(serving, services=None):
    """
    The data directory that the dump stands for: the one that its service mounts. Others that it mounts are copied;
    raises backup.whichData where nobody said so.
    """
    declared = serving.facts.get("backup") or {}
    dump = declared.get("dump")
    if not dump:
        return []
    service = (docker.services(serving) if services is None else services).get(dump["service"])
    if service is None:
        raise Problem("backup.noService", f"docker does not tell what {dump['service']} is", "look at docker: landfall ssh STACK -- systemctl status docker")
    mounted = [_below_data(volume.get("source", "")) for volume in service.get("volumes", [])]
    dumped = [
        directory["path"]
        for directory in serving.facts["data"]
        if directory["path"] not in declared["files"]
        and any(is_within(mount, directory["path"]) or is_within(directory["path"], mount) for mount in mounted if mount)
    ]
    if len(topmost(dumped)) > 1:
        raise Problem("backup.whichData", f"{dump['service']} mounts {' and '.join(topmost(dumped))}, and its dump stands for one of them", "name the others in backup.files of application.yaml")
    return dumped


def left_out(dumped, copied):
    """What a copy leaves to the dump: only what lies below a copied path, for tar leaves out what is below an excluded one, even where it is named."""
    return [path for path in dumped if any(is_within(path, one) for one in copied)]


def _below_data(source):
    try:
        return str(PurePosixPath(source).relative_to(DATA))
    except ValueError:
        return None


def is_within(path, other):
    """Whether it is the other one, or below it."""
    return PurePosixPath(other) in (PurePosixPath(path), *PurePosixPath(path).parents)

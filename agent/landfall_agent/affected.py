"""Which data directories a restore replaces: those that were copied, and those of the service that dumps."""

from pathlib import PurePosixPath

from . import docker
from .paths import DATA
from .speak import Problem


def replaced_paths(serving, has_dump, copied):
    """Data directories, in the order of the manifest; none below another."""
    wanted = {*copied, *(dumped_paths(serving) if has_dump else ())}
    paths = [directory["path"] for directory in serving.facts["data"] if directory["path"] in wanted]
    return [path for path in paths if not any(other != path and _is_within(path, other) for other in paths)]


def dumped_paths(serving):
    """Data directories that the service that dumps mounts: the dump stands for them."""
    dump = (serving.facts.get("backup") or {}).get("dump")
    if not dump:
        return []
    service = docker.services(serving).get(dump["service"])
    if service is None:
        raise Problem("backup.noService", f"docker does not tell what {dump['service']} is", "look at docker: landfall ssh STACK -- systemctl status docker")
    mounted = [_below_data(volume.get("source", "")) for volume in service.get("volumes", [])]
    return [
        directory["path"]
        for directory in serving.facts["data"]
        if any(_is_within(mount, directory["path"]) or _is_within(directory["path"], mount) for mount in mounted if mount)
    ]


def _below_data(source):
    try:
        return str(PurePosixPath(source).relative_to(DATA))
    except ValueError:
        return None


def _is_within(path, other):
    return PurePosixPath(other) in (PurePosixPath(path), *PurePosixPath(path).parents)

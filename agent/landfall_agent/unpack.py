"""Copies of data directories come back, with their owners. Nothing in the archive is trusted to stay where it belongs."""

import inspect
import stat
import tarfile

from .speak import Problem

# Newer versions would leave the owners out unless told so; what they would keep out is kept out here.
_TRUSTED = {"filter": "fully_trusted"} if "filter" in inspect.signature(tarfile.TarFile.extract).parameters else {}


def unpack(archive, destination, paths, guard):
    """Only what is in one of the paths, and something of each. Links are made, and nothing is written through them."""
    links = set()
    made = set()
    try:
        with tarfile.open(archive, "r|gz") as content:
            for member in content:
                guard()
                _check(member, paths, links, made)
                if member.isfifo():
                    # Whoever needs a pipe makes it again.
                    continue
                made.add(member.name)
                if member.issym():
                    links.add(member.name)
                content.extract(member, destination, numeric_owner=True, **_TRUSTED)
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None and not isinstance(error, EOFError):
            raise
        raise _hostile(f"it cannot be read: {error}") from None
    absent = [path for path in paths if path not in made and not any(name.startswith(f"{path}/") for name in made)]
    if absent:
        raise _hostile(f"nothing of {' and '.join(absent)} is in it")


def _check(member, paths, links, made):
    parts = member.name.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\0" in member.name:
        raise _hostile(f"{member.name!r} is no path below the data directories")
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    if not any(path in above for path in paths):
        raise _hostile(f"{member.name!r} is in none of {', '.join(paths)}")
    if any(path in links for path in above):
        raise _hostile(f"{member.name!r} goes through a link")
    if not (member.isreg() or member.isdir() or member.issym() or member.islnk() or member.isfifo()):
        raise _hostile(f"{member.name!r} is no file, directory or link")
    if member.islnk() and (member.linkname not in made or member.linkname in links):
        raise _hostile(f"{member.name!r} is another name of something that is not in it")
    if member.name in made and not member.isdir():
        raise _hostile(f"{member.name!r} is in it twice")
    if not member.isdir():
        member.mode &= ~(stat.S_ISUID | stat.S_ISGID)


def _hostile(why):
    return Problem("restore.badFiles", f"the copied files are not what a backup holds: {why}", "nothing was changed; choose another backup")

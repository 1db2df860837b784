"""The images of a release: from an archive, from what is there already, or from their registries."""

from . import docker, release, space
from .durable import read_json, write_json
from .paths import BROUGHT
from .redact import redactor
from .speak import Problem

# Every image runs, and stays, by a name of ours: its own may go to another image, which a later archive brings, and one
# with a digest goes when the release is removed that brought it under its version alone.
KEPT = "landfall-kept"


def provide(wanted, images, archive, guard):
    """Sees to it that the images, by service, are there, and that the release runs them; gives, by name, how they are kept."""
    names = sorted(set(images.values()))
    write_json(BROUGHT, sorted({*names, *(read_json(BROUGHT) or [])}))
    if archive is not None:
        _load(archive, guard)
    ids = _ids(names)
    if archive is not None:
        ids = {**_loaded([name for name in names if name not in ids]), **ids}
    ids = {**_ran_before([name for name in names if name not in ids]), **ids}
    missing = [name for name in names if name not in ids]
    if missing and archive is not None:
        raise Problem(
            "deploy.images",
            f"the archive lacks {', '.join(missing)}",
            "save every image that compose.yaml names: docker save",
        )
    for name in missing:
        _pull(name, wanted, guard)
    ids.update(_ids(missing))
    kept = {name: _kept_name(name, ids[name]) for name in names}
    there = _ids(kept.values())
    for name in names:
        if kept[name] not in there:
            _tag(ids[name], kept[name])
    services = {service: {"image": kept[name]} for service, name in images.items()}
    write_json(wanted.path / docker.KEPT_IMAGES, {"services": services})
    return kept


def provide_again(wanted, guard):
    """The same for a release that has served before, which has to run what it ran then."""
    there = _ids(_kept_of(wanted).values())
    for name, kept in _kept_of(wanted).items():
        if kept in there:
            continue
        if name not in _ids([name]):
            # What its registry has under that name; with a digest it is the same.
            _pull(name, wanted, guard)
        elif _kept_name(name, _ids([name])[name]) != kept:
            raise Problem(
                "deploy.images",
                f"the image that release {wanted.id} ran as {name} is not on the server any more, and another has its name",
                "deploy that release again, with its archive if it came with one: landfall deploy STACK --images ARCHIVE",
            )
        _tag(name, kept)


def remove_unused(releases):
    """Images that deploys have brought, and none of these releases runs."""
    names = {name for one in releases for name in _kept_of(one)}
    kept = {name for one in releases for name in _kept_of(one).values()}
    listed = docker.run(["docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}"], timeout=60)
    if listed.status != 0:
        # Nothing is forgotten: after the next deploy.
        return
    ours = {name for name in listed.out.split() if name.startswith(f"{KEPT}/")}
    unused = sorted((ours - kept) | ({*(read_json(BROUGHT) or [])} - names))
    if unused:
        # Refused where something else uses it: fine.
        docker.run(["docker", "image", "rm", *unused], timeout=300)
    write_json(BROUGHT, sorted(names))


def own_names(wanted):
    """What compose.yaml calls the images, by how they are kept."""
    return {kept: name for name, kept in _kept_of(wanted).items()}


def _kept_of(wanted):
    """By name. Agents before this one kept images by their own names, and wrote down a list."""
    images = wanted.facts.get("images", {})
    return images if isinstance(images, dict) else {name: name for name in images}


def _kept_name(name, image):
    last = name.partition("@")[0].rpartition("/")[2]
    repository, _, tag = last.partition(":")
    return f"{KEPT}/{repository}:{tag or 'latest'}-{image.rpartition(':')[2][:16]}"


def _load(archive, guard):
    outcome = docker.run(["docker", "load", "--quiet", "--input", str(archive)], guard=space.careful(guard))
    if outcome.status != 0:
        raise Problem(
            "deploy.images",
            "docker does not load the images",
            "make the archive with: docker save",
            problems=outcome.last_lines(),
        )


def _loaded(names):
    """Most archives know no digests, which belong to registries: what they bring is called by its version alone."""
    short = {name: name.partition("@")[0] for name in names if "@" in name}
    ids = _ids(short.values())
    return {name: ids[version] for name, version in short.items() if version in ids}


def _ran_before(names):
    """Where a digest says that it is the same as in an earlier release."""
    kept = {name: tag for one in release.kept() for name, tag in _kept_of(one).items() if name in names and "@" in name}
    ids = _ids(kept.values())
    return {name: ids[tag] for name, tag in kept.items() if tag in ids}


def _pull(name, wanted, guard):
    outcome = docker.run(["docker", "pull", "--quiet", name], guard=space.careful(guard))
    if outcome.status != 0:
        clean = redactor(wanted.secrets)
        raise Problem(
            "deploy.pull",
            f"{name} cannot be pulled",
            "look at the name, and whether the server reaches the registry; "
            "without internet: landfall deploy STACK --images ARCHIVE",
            problems=[clean(line) for line in outcome.last_lines(4)],
        )


def _tag(image, name):
    outcome = docker.run(["docker", "tag", image, name], timeout=120)
    if outcome.status != 0:
        raise Problem("deploy.images", f"docker does not keep {name}", "look at docker: landfall ssh STACK -- systemctl status docker", problems=outcome.last_lines(4))


def _ids(names):
    """Those that are there, with their ids. Asks for all at once: each call takes its time."""
    inspect = ["docker", "image", "inspect", "--format", "{{.Id}}"]
    names = sorted(set(names))
    found = docker.run([*inspect, *names], timeout=60) if names else None
    if found is None or found.status == 0:
        return dict(zip(names, found.out.split())) if found else {}
    one_by_one = ((name, docker.run([*inspect, name], timeout=60)) for name in names)
    return {name: found.out.strip() for name, found in one_by_one if found.status == 0}

"""The images of a release: from an archive, from what is there already, or from their registries."""

from . import docker
from .durable import write_json
from .redact import redactor
from .speak import Problem


# Under this name an image stays where its own goes to another, which a later archive has brought.
KEPT = "landfall-kept"


def provide(wanted, images, archive, guard):
    """Sees to it that the images, by service, are there and stay; gives their ids by the names by which they run."""
    if archive is not None:
        outcome = docker.run(["docker", "load", "--quiet", "--input", str(archive)], guard=guard)
        if outcome.status != 0:
            raise Problem(
                "deploy.images",
                "docker does not load the images",
                "make the archive with: docker save",
                problems=outcome.last_lines(),
            )
        images = _without_digests(wanted, images)
    names = sorted(set(images.values()))
    missing = _missing(names)
    if missing and archive is not None:
        raise Problem(
            "deploy.images",
            f"the archive lacks {', '.join(missing)}",
            "save every image that compose.yaml names: docker save",
        )
    for name in missing:
        _pull(name, wanted, guard)
    ids = _ids(names)
    absent = _missing({_kept(image) for image in ids.values()})
    for image in set(ids.values()):
        if _kept(image) in absent:
            docker.run(["docker", "tag", image, _kept(image)], timeout=120)
    return ids


def provide_again(wanted, guard):
    """The same for a release that has served before, which has to run what it ran then."""
    give_names(wanted)
    provide(wanted, {name: name for name in wanted.facts["images"]}, None, guard)
    gone = give_names(wanted)
    if gone:
        raise Problem(
            "deploy.images",
            f"what release {wanted.id} ran as {', '.join(gone)} is not on the server any more",
            "deploy it again, with its archive: landfall deploy STACK --images ARCHIVE",
        )


def give_names(wanted):
    """Gives the images of a release their names back. Returns the names of those that are gone."""
    # What is named with a digest is never another one.
    recorded = {name: image for name, image in _recorded(wanted).items() if "@" not in name}
    now = _ids(recorded)
    others = [name for name in recorded if now.get(name) != recorded[name]]
    return [name for name in others if docker.run(["docker", "tag", recorded[name], name], timeout=120).status != 0]


def remove_kept(releases):
    """Lets go of images that none of these releases has."""
    used = {_kept(image) for one in releases for image in _recorded(one).values()}
    listed = docker.run(["docker", "image", "ls", "--format", "{{.Tag}}", KEPT], timeout=60)
    unused = {f"{KEPT}:{tag}" for tag in listed.out.split()} - used if listed.status == 0 else ()
    if unused:
        docker.run(["docker", "image", "rm", *sorted(unused)], timeout=300)


def _recorded(wanted):
    """Ids by name; agents before this one wrote down the names alone."""
    images = wanted.facts.get("images", {})
    return images if isinstance(images, dict) else {}


def _kept(image):
    return f"{KEPT}:{image.rpartition(':')[2]}"


def _pull(name, wanted, guard):
    outcome = docker.run(["docker", "pull", "--quiet", name], guard=guard)
    if outcome.status != 0:
        clean = redactor(wanted.secrets)
        raise Problem(
            "deploy.pull",
            f"{name} cannot be pulled",
            "look at the name, and whether the server reaches the registry; "
            "without internet: landfall deploy STACK --images ARCHIVE",
            problems=[clean(line) for line in outcome.last_lines(4)],
        )


def _without_digests(wanted, images):
    """An archive knows no digests, which belong to registries: what it brought runs by name and version."""
    absent = set(_missing({image for image in images.values() if "@" in image}))
    loaded = {name: image.partition("@")[0] for name, image in images.items() if image in absent}
    if loaded:
        services = {name: {"image": image} for name, image in loaded.items()}
        write_json(wanted.path / docker.LOADED, {"services": services})
    return {**images, **loaded}


def _missing(names):
    return sorted(set(names) - set(_ids(names)))


def _ids(names):
    """Those that are there, with their ids. Asks for all at once: each call takes its time."""
    inspect = ["docker", "image", "inspect", "--format", "{{.Id}}"]
    names = sorted(names)
    found = docker.run([*inspect, *names], timeout=60) if names else None
    if found is None or found.status == 0:
        return dict(zip(names, found.out.split())) if found else {}
    one_by_one = ((name, docker.run([*inspect, name], timeout=60)) for name in names)
    return {name: found.out.strip() for name, found in one_by_one if found.status == 0}

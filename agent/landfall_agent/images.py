"""The images of a release: from an archive, from what is there already, or from their registries."""

from . import docker
from .durable import write_json
from .redact import redactor
from .speak import Problem


def provide(wanted, images, archive, guard):
    """Sees to it that the images, by service, are there; gives the names by which they run."""
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
    return names


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
    """Asks for all at once: each call takes its time."""
    inspect = ["docker", "image", "inspect", "--format", "{{.Id}}"]
    if not names or docker.run([*inspect, *names], timeout=60).status == 0:
        return []
    return [name for name in sorted(names) if docker.run([*inspect, name], timeout=60).status != 0]

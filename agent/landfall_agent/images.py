"""The images of a release: from an archive, from what is there already, or from their registries."""

from . import docker
from .durable import write_json
from .redact import redactor
from .speak import Problem


def load_or_pull(wanted, archive, guard):
    """Sees to it that every image of compose.yaml is there; gives their names."""
    if archive is not None:
        outcome = docker.run(["docker", "load", "--quiet", "--input", str(archive)], guard=guard)
        if outcome.status != 0:
            raise Problem("deploy.images", "docker does not load the images", "make the archive with: docker save", problems=outcome.last_lines())
        _go_without_digests(wanted)
    listed = docker.compose(wanted, "config", "--images", timeout=60, guard=guard)
    names = sorted(set(listed.out.split()))
    missing = [name for name in names if not _is_there(name)]
    if missing and archive is not None:
        raise Problem("deploy.images", f"the archive lacks {', '.join(missing)}", "save every image that compose.yaml names: docker save")
    for name in missing:
        outcome = docker.run(["docker", "pull", "--quiet", name], guard=guard)
        if outcome.status != 0:
            clean = redactor(wanted.secrets)
            raise Problem(
                "deploy.pull",
                f"{name} cannot be pulled",
                "look at the name, and whether the server reaches the registry; without internet: landfall deploy STACK --images ARCHIVE",
                problems=[clean(line) for line in outcome.last_lines(4)],
            )
    return names


def _go_without_digests(wanted):
    """An archive knows no digests, which belong to registries: what it brought runs by name and version."""
    images = {name: service.get("image", "") for name, service in docker.services(wanted).items()}
    loaded = {
        name: {"image": image.partition("@")[0]}
        for name, image in images.items()
        if "@" in image and not _is_there(image) and _is_there(image.partition("@")[0])
    }
    if loaded:
        write_json(wanted.path / docker.LOADED, {"services": loaded})


def _is_there(name):
    return docker.run(["docker", "image", "inspect", "--format", "{{.Id}}", name], timeout=60).status == 0

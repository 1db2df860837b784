"""The releases that are kept, and which of them a rollback goes to."""

from . import release
from .speak import Problem


def releases(_request, speaker, _source):
    serving = release.current()
    speaker.result(
        releases=[
            {**one.summary(), "serves": serving is not None and one.id == serving.id, "title": one.facts.get("title")}
            for one in reversed(release.kept())
        ]
    )


def earlier(serving, wanted):
    """The release of that id; without one the release that served before, or else the one that was made before."""
    kept = release.kept()
    names = ", ".join(one.id for one in kept) or "none"
    hint = "landfall app releases STACK lists what is kept"
    if wanted is not None:
        target = release.load(wanted)
        if target is None:
            raise Problem("rollback.unknown", f"there is no release {wanted} on the server; there are: {names}", hint)
    else:
        target = _before(serving, kept)
        if target is None:
            raise Problem("rollback.none", "there is no earlier release on the server", hint)
    if serving is not None and target.id == serving.id:
        raise Problem("rollback.serves", f"release {target.id} serves already", hint)
    return target


def _before(serving, kept):
    older = [one for one in kept if serving is None or one.id < serving.id]
    previous = [one for one in older if serving is not None and one.id == serving.previous]
    return next(iter([*previous, *reversed(older)]), None)

"""The releases that are kept."""

from . import release


def releases(_request, speaker, _source):
    serving = release.current()
    speaker.result(
        releases=[
            {**one.summary(), "serves": serving is not None and one.id == serving.id, "title": one.facts.get("title")}
            for one in reversed(release.kept())
        ]
    )

"""What runs on the server; changes nothing."""

import shutil

from . import backup_health, backups, docker, images, release, timer
from .lock import change_under_way
from .paths import ROOT


def status(_request, speaker, _source):
    ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
    serving = release.current()
    newest = backups.newest(serving and serving.application)
    usage = shutil.disk_usage(ROOT)
    speaker.result(
        application=None if serving is None else serving.application,
        title=None if serving is None else serving.facts.get("title"),
        release=None if serving is None else serving.summary(),
        services=[] if serving is None else services(serving),
        releases=len(release.kept()),
        change=change_under_way(),
        disk={"free": usage.free, "total": usage.total},
        backup=newest and newest.summary(),
        last_backup=backup_health.last_attempt(serving and serving.application),
        backup_health=serving and health_of_backups(serving),
        timer=timer.state(serving),
    )


def health_of_backups(serving):
    seen = backup_health.look(serving)
    return None if seen is None else {"outcome": seen[0], "message": seen[1]}


def services(serving):
    names = images.own_names(serving)
    return [
        {
            "service": container.get("Service", ""),
            "state": container.get("State", ""),
            "health": container.get("Health") or None,
            "image": names.get(container.get("Image"), container.get("Image", "")),
            "exit": container.get("ExitCode"),
            "since": container.get("Status", ""),
        }
        for container in sorted(docker.containers(serving.application), key=lambda one: one.get("Service", ""))
    ]

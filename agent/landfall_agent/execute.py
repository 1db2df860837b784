"""A command in the container of a service, with the caller's terminal."""

import os
import sys

from . import release
from .docker import compose_words, surroundings


def execute(arguments):
    """`exec SERVICE COMMAND...`; becomes docker, and so ends with the status of the command."""
    service, *command = arguments
    serving = release.current()
    if serving is None:
        print("no application is deployed", file=sys.stderr)
        return 1
    terminal = [] if sys.stdin.isatty() else ["-T"]
    words = [*compose_words(serving), "exec", *terminal, service, *command]
    os.execvpe(words[0], words, surroundings(serving.variables()))

"""One file of a backup: compressed, encrypted where somebody's key is given, and on the disk once it is closed."""

import hashlib
import os
import subprocess
import zlib

from .docker import end, surroundings
from .space import keep_reserve
from .speak import Problem

# How much is written before the free space is looked at again.
LOOK = 8 << 20


class Store:
    def __init__(self, path, recipients):
        self.path = path.with_name(path.name + ".age") if recipients else path
        self.file = open(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w+b", buffering=0)
        self.age = _encrypt(recipients, self.file) if recipients else None
        self.packing = zlib.compressobj(6, wbits=31)
        self.plain = hashlib.sha256()
        self.packed = self.content = self.unlooked = 0

    def write(self, piece):
        self.content += len(piece)
        self._put(self.packing.compress(piece))

    def close(self):
        """What the manifest says of it."""
        self._put(self.packing.flush())
        if self.age is not None:
            _finish(self.age)
        os.fsync(self.file.fileno())
        size = os.fstat(self.file.fileno()).st_size
        plain = {"size": self.packed, "sha256": self.plain.hexdigest()}
        facts = {"name": self.path.name, "content": self.content}
        if self.age is None:
            self.file.close()
            return {**facts, **plain}
        self.file.seek(0)
        stored = hashlib.sha256()
        while piece := self.file.read(1 << 20):
            stored.update(piece)
        self.file.close()
        return {**facts, "size": size, "sha256": stored.hexdigest(), "plain": plain}

    def abandon(self):
        if self.age is not None:
            end(self.age)
        self.file.close()

    def _put(self, piece):
        self.plain.update(piece)
        self.packed += len(piece)
        self.unlooked += len(piece)
        if self.unlooked > LOOK:
            keep_reserve()
            self.unlooked = 0
        try:
            output = self.file if self.age is None else self.age.stdin
            rest = memoryview(piece)
            while rest:
                rest = rest[output.write(rest):]
        except BrokenPipeError:
            _finish(self.age)


def _encrypt(recipients, output):
    words = ["age", "--encrypt", *(word for recipient in recipients for word in ("--recipient", recipient))]
    try:
        return subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=surroundings({}),
            preexec_fn=os.setpgrp,
        )
    except FileNotFoundError:
        raise Problem("backup.noAge", "BACKUP_RECIPIENT is set, and age is not on the server", "deploy again, which installs it: landfall deploy STACK") from None


def _finish(age):
    try:
        age.stdin.close()
    except BrokenPipeError:
        pass
    said = age.stderr.read().decode("utf-8", "replace").strip()
    if age.wait() != 0:
        raise Problem("backup.encryption", f"age fails: {said.splitlines()[0] if said else age.returncode}", "look at BACKUP_RECIPIENT, and at the disk: landfall app status STACK")

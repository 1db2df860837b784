"""What is told: one event in JSON a line, to whoever called or into a file."""

import json
import os


class Problem(Exception):
    """What the operator can do something about. `code` is stable, such as deploy.locked."""

    def __init__(self, code, message, hint, **facts):
        super().__init__(message)
        self.event = {"code": code, "message": message, "hint": hint, **facts}


class Speaker:
    def __init__(self, descriptor=1):
        self.descriptor = descriptor

    def say(self, event, **facts):
        line = json.dumps({"event": event, **facts}) + "\n"
        self.forward(line.encode())

    def forward(self, line):
        while line:
            line = line[os.write(self.descriptor, line):]

    def result(self, **facts):
        self.say("result", answer=facts)

    def problem(self, problem):
        self.say("problem", **problem.event)

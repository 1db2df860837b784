"""Takes secrets out of what others wrote."""

import base64
import json
import re
from urllib.parse import quote

# Shorter ones would make everything unreadable, and tell themselves by that.
SHORTEST = 4


def redactor(secrets):
    """A function from text to the same text with *** in the place of every secret, however it is escaped."""
    # Logs come line by line.
    lines = [line.strip() for secret in secrets if "\n" in secret for line in secret.splitlines() if len(line.strip()) >= 8]
    found = [*(secret for secret in secrets if len(secret) >= SHORTEST), *lines]
    forms = sorted({form for secret in found for form in _forms(secret)}, key=len, reverse=True)
    if not forms:
        return lambda text: text
    pattern = re.compile("|".join(map(re.escape, forms)))
    return lambda text: pattern.sub("***", text)


def _forms(secret):
    escaped = json.dumps(secret)[1:-1]
    yield from (secret, escaped, quote(secret, safe=""), quote(secret))
    if len(secret) >= 8:
        # Without what depends on the characters that follow.
        yield base64.b64encode(secret.encode()).decode().rstrip("=")[: len(secret.encode()) * 8 // 6]

"""The file .env of a release: what compose.yaml may refer to. Compose reads it the same way, and so does a person's shell."""


def render(values):
    return "".join(f"{name}={_quote(value)}\n" for name, value in sorted(values.items()))


def read(text):
    """Only what `render` writes."""
    values = {}
    for line in text.splitlines():
        name, quoted = line.split("=", 1)
        body = quoted[1:-1]
        values[name] = body if quoted[0] == "'" else _unescape(body)
    return values


def _quote(value):
    if "\n" in value or "\r" in value or "\0" in value:
        raise ValueError("a value with a line end cannot be in .env")
    if "'" not in value and "\\" not in value:
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'


def _unescape(text):
    pieces = []
    characters = iter(text)
    for character in characters:
        pieces.append(next(characters) if character == "\\" else character)
    return "".join(pieces)

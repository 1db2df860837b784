"""Until when a certificate is good, read from its DER: the library only tells it of certificates that it trusts."""

import calendar
import time


def valid_until(der):
    """Seconds since 1970."""
    certificate = _inside(der, 0)
    body = _inside(der, certificate)
    position = body
    # version (tagged), serial number, algorithm, issuer: the validity follows.
    if der[position] == 0xA0:
        position = _after(der, position)
    for _ in range(3):
        position = _after(der, position)
    second = _after(der, _inside(der, position))
    start, end = _bounds(der, second)
    text = der[start:end].decode("ascii")
    if der[second] == 0x17:
        # UTCTime: years from 50 on are of the last century.
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    return calendar.timegm(time.strptime(text, "%Y%m%d%H%M%SZ"))


def _bounds(der, position):
    length = der[position + 1]
    start = position + 2
    if length & 0x80:
        size = length & 0x7F
        length = int.from_bytes(der[start:start + size], "big")
        start += size
    return start, start + length


def _inside(der, position):
    return _bounds(der, position)[0]


def _after(der, position):
    return _bounds(der, position)[1]

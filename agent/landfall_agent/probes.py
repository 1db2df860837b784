"""The checks that a manifest declares. Each gives whether it is good, and a clause that says what was seen."""

import http.client
import os
import socket
import ssl
import struct
import time
from urllib.parse import urlsplit

from .certificate import valid_until

LARGEST = 1 << 20


def probe(check):
    try:
        for kind, ask in (("http", _http), ("tcp", _tcp), ("udp_tracker", _udp_tracker), ("tls", _tls)):
            if check.get(kind):
                return ask(check)
        return False, "asks nothing"
    except (socket.timeout, TimeoutError):
        return False, f"no answer within {check['timeout']} s"
    except ssl.SSLCertVerificationError as error:
        return False, f"the certificate is not trusted: {error.verify_message}"
    except ValueError:
        return False, "the check's address is none"
    except (OSError, http.client.HTTPException) as error:
        return False, getattr(error, "strerror", None) or str(error) or type(error).__name__


def _http(check):
    url = urlsplit(check["http"])
    secure = url.scheme == "https"
    port = url.port or (443 if secure else 80)
    name = check.get("host") or url.hostname
    connection = http.client.HTTPConnection(url.hostname, port, timeout=check["timeout"])
    try:
        connection.connect()
        if secure:
            connection.sock = _context(check).wrap_socket(connection.sock, server_hostname=name)
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        host = name if port in (80, 443) else f"{name}:{port}"
        connection.putrequest("GET", target, skip_host=True)
        connection.putheader("Host", host)
        connection.putheader("User-Agent", "landfall")
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read(LARGEST)
    finally:
        connection.close()
    expected = check.get("status") or 200
    if answer.status != expected:
        return False, f"answered {answer.status}, not {expected}"
    wanted = check.get("contains")
    if wanted and wanted.encode() not in body:
        return False, f"answered {answer.status}, but without what it has to contain"
    return True, f"answered {answer.status}"


def _tcp(check):
    with socket.create_connection(_place(check["tcp"]), check["timeout"]) as client:
        # Docker accepts for a container before it knows whether anybody listens there, and hangs up then.
        client.settimeout(1)
        try:
            return (True, "takes connections") if client.recv(1) else (False, "the connection is closed at once")
        except socket.timeout:
            return True, "takes connections"


def _udp_tracker(check):
    """The connect of BEP 15: the answer repeats our number and brings an id for what would follow."""
    host, port = _place(check["udp_tracker"])
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    deadline = time.monotonic() + check["timeout"]
    transaction = os.urandom(4)
    with socket.socket(family, kind, protocol) as client:
        client.connect(address)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError()
            # Datagrams get lost.
            client.settimeout(min(left, 1.5))
            client.send(struct.pack("!QI", 0x41727101980, 0) + transaction)
            try:
                answer = client.recv(2048)
            except socket.timeout:
                continue
            if len(answer) >= 16 and answer[:4] == b"\0\0\0\0" and answer[4:8] == transaction:
                return True, "answered the handshake"
            if answer[4:8] == transaction:
                return False, "refused the handshake"


def _tls(check):
    host, port = _place(check["tls"])
    name = check.get("host") or host
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    # Once to see the certificate whatever it is, once to see whether it is trusted.
    with _wrapped(trusting, host, port, name, check["timeout"]) as client:
        until = valid_until(client.getpeercert(binary_form=True))
    days = (until - time.time()) / 86400
    least = 14 if check.get("days") is None else check["days"]
    if days < 0:
        return False, f"the certificate expired {-days:.1f} days ago"
    if days < least:
        return False, f"the certificate is good for {days:.1f} days, not {least}"
    if check.get("verify", True):
        with _wrapped(_context(check), host, port, name, check["timeout"]):
            pass
    return True, f"the certificate is good for {days:.0f} days"


def _wrapped(context, host, port, name, timeout):
    plain = socket.create_connection((host, port), timeout)
    try:
        return context.wrap_socket(plain, server_hostname=name)
    except BaseException:
        plain.close()
        raise


def _context(check):
    context = ssl.create_default_context()
    if check.get("ca"):
        context.load_verify_locations(cafile=check["ca"])
    if not check.get("verify", True):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _place(text):
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)

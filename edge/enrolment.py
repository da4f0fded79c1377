"""Asking the hub for a node's papers under a one-time code. The code never travels; both sides prove it."""

import re

import httpx

from edge.config_tls import URL
from edge.door import post, stranger
from edge.errors import HubRefused
from edge.wire.errors import BadMessage
from edge.wire.papers import Admission, Code, Papers

__all__ = ["ask"]


def ask(url: str, code: Code, request: str, *, transport: httpx.BaseTransport | None = None) -> Papers:
    """The papers for a request (PEM) from the hub at `url`. An answer that was lost is given again: the code
    serves the same key as often as it asks. Raises `HubNotReached`, `HubRefused`."""
    if not re.match(URL, url) or not url.startswith("https://"):
        raise HubRefused(f"wanted an address such as https://192.168.50.10:8443; found {url!r}")
    application = code.application(request)
    with stranger(transport=transport) as client:
        body = post(client, f"{url.rstrip('/')}/api/v1/enrolments", application.encode())
    try:
        papers = code.papers(Admission.decode(body), to=application)
    except BadMessage as error:
        raise HubRefused(f"{url}: wanted an admission; found {error}") from error
    if papers is None:
        raise HubRefused(f"{url}: who answers does not know this code: it is not the hub that gave it")
    return papers

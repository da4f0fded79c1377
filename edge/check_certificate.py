"""What a technician asks of a node's certificate: whose it is, whether it fits, until when it holds."""

from collections.abc import Iterator

from edge.clock import Clock
from edge.config import NodeSettings
from edge.config_file import faults_of_mode
from edge.errors import IdentityError
from edge.findings import Finding
from edge.identity import Certificate, check_fit, read_certificate
from edge.renewal import is_due, is_near
from edge.wire.base import ClockState
from edge.wire.errors import TlsUnusable
from edge.wire.tls import Tls, client_context

__all__ = ["certificate_findings"]


def certificate_findings(settings: NodeSettings, *, clock: Clock) -> Iterator[Finding]:
    """One line on the certificate, where the node has one."""
    tls = settings.tls_files()
    if tls is None:
        return
    try:
        held = _held(tls, node=settings.node.name)
    except (OSError, ValueError, IdentityError, TlsUnusable) as error:
        yield Finding("certificate", False, str(error))
        return
    works, told = _until(held, clock)
    yield Finding("certificate", works, f"of {held.node}, number {held.serial}, {told}")


def _held(tls: Tls, *, node: str) -> Certificate:
    """The certificate, once all that a connection needs of the files was found to hold."""
    client_context(tls)
    pem = tls.certificate.read_text()
    check_fit(pem, key=tls.key, authority=tls.authority.read_text())
    for fault in faults_of_mode(tls.key):
        raise IdentityError(str(fault))
    held = read_certificate(pem)
    if held.node != node:
        raise IdentityError(f"{tls.certificate}: wanted a certificate of {node}; found one of {held.node}")
    return held


def _until(held: Certificate, clock: Clock) -> tuple[bool, str]:
    told = f"until {held.ends.date().isoformat()}"
    if clock.reading().state is ClockState.UNTRUSTED:
        return True, f"{told}; how long that is cannot be told without the time"
    now = clock.now()
    if held.ends <= now:
        return False, f"{told}: it has ended; enrol the node anew"
    days = (held.ends - now).days
    if is_near(held, now):
        return False, f"{told}: only {days} days, and it was not renewed; is the hub reached?"
    return True, f"{told}: {days} days" + ("; it is being renewed" if is_due(held, now) else "")

"""A technician's desk, and what is read of the papers that it gives."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from edge.wire.papers import Code, Papers
from hub.authority_x509 import new_issuer
from hub.certification import Certification
from hub.enroll import Enrolment
from hub.errors import Refused
from hub.new_node import NewNode, Reach, Site
from hub.store import certificates
from hub.store.database import Store
from tests.factories import signing_key
from tests.factories_people import Clock
from tests.factories_tls import node_key, request_of

NEW = NewNode(id="to-2-loa-1", kind="speaker", area="to-2", title="Tổ 2, loa 1")
OTHER = NewNode(id="to-2-loa-2", kind="speaker", area="to-2")
ISSUER = new_issuer("xa-mau", ["loa.lan"])


class Desk:
    """A technician's desk: nodes and codes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.now = store, clock
        key = signing_key().public()
        self.enrolment = Enrolment(store=store, site="xa-mau", public_key=key, now=clock)
        self.certification = Certification(
            store=store,
            issuer=ISSUER,
            site=Site(id="xa-mau", public_key=key),
            reach=Reach(broker_host="loa.lan", broker_port=8883, url="https://loa.lan:8443"),
            now=clock,
        )
        self.enrolment.add_area(None, id_="xa", name="Xã mẫu")
        self.enrolment.add_area(None, id_="to-2", name="Tổ 2", parent="xa")
        self.key = node_key()

    def papers(
        self, new: NewNode = NEW, *, key: ec.EllipticCurvePrivateKey | None = None, again: bool = False
    ) -> Papers:
        request = request_of(key or self.key)
        return self.certification.papers(None, new, request=request, again=again)

    def code(self, new: NewNode = NEW, *, again: bool = False) -> Code:
        return self.certification.code(None, new, again=again)

    def admit(self, code: Code, *, key: ec.EllipticCurvePrivateKey | None = None) -> Papers:
        application = code.application(request_of(key or self.key))
        papers = code.papers(self.certification.admit(application), to=application)
        assert papers is not None
        return papers

    def holder(self, papers: Papers) -> str | None:
        return self.certification.holder(serial_of(papers))

    def revoked(self) -> list[str]:
        return certificates.revoked_serials(self.store.read())


def serial_of(papers: Papers) -> str:
    return f"{x509.load_pem_x509_certificate(papers.certificate.encode()).serial_number:X}"


def subject_of(papers: Papers) -> str:
    return x509.load_pem_x509_certificate(papers.certificate.encode()).subject.rfc4514_string()


def codes_of(error: "pytest.ExceptionInfo[Refused]") -> list[str]:
    return [problem.code for problem in error.value.problems]

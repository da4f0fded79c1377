"""/api/v1/enrolments and /certificates: what nodes ask the hub for themselves."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from edge.wire.papers import Admission, Application, Papers, Pem
from hub.api.base import PartsDep, answers
from hub.api.media import node_of
from hub.certification import Certification
from hub.errors import Forbidden, NotFound, Problem, Unauthenticated
from hub.parts import Parts
from hub.web.access import address_of

__all__ = ["router"]

_SUCCESSION = {"content": {"application/jose": {}}, "description": "A JWS in compact form."}

router = APIRouter(prefix="/api/v1", tags=["nodes"])


class RenewalIn(BaseModel):
    """A signing request (PEM), of the node's key or of a new one."""

    model_config = ConfigDict(extra="forbid")

    request: Pem


@router.post("/enrolments", responses=answers(404, 409))
def enrol(application: Application, request: Request, parts: PartsDep) -> Admission:
    """A node comes with a one-time code and proves, by HMAC, that it knows it; the hub's answer does too."""
    try:
        return _certification(parts).admit(application)
    except Forbidden:
        parts.alarm("code_refused", address_of(request))
        raise


@router.post("/certificates", responses=answers(404, 409))
def renew(renewal: RenewalIn, request: Request, parts: PartsDep) -> Papers:
    """New papers for the node that calls with its certificate; the same ones while that holds for long.

    After a succession also for a node that has none of the new authority yet, by proof of its key.
    """
    certification, node = _certification(parts), node_of(request, parts)
    return (
        certification.readmit(renewal.request) if node is None else certification.renew(node, renewal.request)
    )


@router.get("/succession", response_class=Response, responses={200: _SUCCESSION, **answers(404)})
def succession(parts: PartsDep) -> Response:
    """What the recovery key signed of the site's present keys (JWS), for nodes that do not know them yet."""
    found = _certification(parts).succession()
    if found is None:
        raise NotFound(Problem("succession_none"))
    return Response(found, media_type="application/jose")


@router.api_route("/certificates/refused", methods=["GET", "HEAD", "POST", "PUT"], include_in_schema=False)
def refused(request: Request, parts: PartsDep) -> None:
    """Where the web server sends whoever came with a certificate that does not hold: refused, and told."""
    node_of(request, parts)
    raise Unauthenticated(Problem("node_refused"))


def _certification(parts: Parts) -> Certification:
    if parts.certification is None:
        raise NotFound(Problem("tls_off"))
    return parts.certification

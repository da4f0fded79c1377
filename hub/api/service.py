"""For whoever watches the hub: `/healthz` (is it well), `/metrics` (figures), `/docs` (pages of the API)."""

from concurrent.futures import TimeoutError as TooSlow
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel

from hub.api.base import PartsDep
from hub.metrics import CONTENT_TYPE
from hub.parts import Parts
from hub.store import alive

__all__ = ["router"]

router = APIRouter()

_STORE_S = 2.0

_DOCS = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Loa API</title>
  <link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/static/vendor/swagger-ui/swagger-ui.css">
</head>
<body>
  <div id="docs"></div>
  <script src="/static/vendor/swagger-ui/swagger-ui-bundle.js"></script>
  <script src="/static/js/docs.js"></script>
</body>
</html>
"""


class Healthz(BaseModel):
    """`ok` when broker and store both answer and the disk has room for more than orders."""

    status: Literal["ok", "failing"]
    broker: bool
    store: bool
    disk: bool


@router.get("/healthz", tags=["service"], responses={503: {"model": Healthz}})
def healthz(parts: PartsDep) -> Healthz:
    """Whether the broker is linked, the store can be written, and the disk is not full. 503 when not."""
    broker, store, disk = parts.is_linked(), _can_write(parts), not parts.store.is_disk_full
    status: Literal["ok", "failing"] = "ok" if broker and store and disk else "failing"
    health = Healthz(status=status, broker=broker, store=store, disk=disk)
    return health if health.status == "ok" else JSONResponse(health.model_dump(), 503)  # type: ignore[return-value]


@router.get(
    "/metrics", tags=["service"], response_class=Response, responses={200: {"content": {"text/plain": {}}}}
)
def metrics(parts: PartsDep) -> Response:
    """Figures for Prometheus."""
    return Response(parts.metrics.text(), media_type=CONTENT_TYPE)


@router.get("/docs", include_in_schema=False)
def docs() -> HTMLResponse:
    """The API's pages, from files of the hub's own."""
    return HTMLResponse(_DOCS)


def _can_write(parts: Parts) -> bool:
    try:
        parts.store.submit(lambda db: alive.note(db, at=parts.now())).result(_STORE_S)
    except (TooSlow, OSError, RuntimeError, alive.StoreError):
        return False
    return True

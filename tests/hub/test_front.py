"""What the hub believes of the web server in front of it."""

from typing import Any

import pytest

from hub.front import BehindProxy, Presented, presented
from tests.own_loop import run


def seen(**headers: str) -> dict[str, Any]:
    """The scope that the application gets for a request with these headers, spelt with underscores."""
    found: dict[str, Any] = {}

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        found.update(scope)

    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "headers": raw, "client": None, "scheme": "http"}
    run(BehindProxy(app)(scope, None, None))  # type: ignore[arg-type]
    return found


def test_the_callers_address_takes_the_place_of_the_web_servers() -> None:
    assert seen(x_real_ip="192.0.2.7")["client"] == ("192.0.2.7", 0)


def test_an_address_that_is_none_is_nobodys() -> None:
    assert seen(x_real_ip="<script>")["client"] is None


@pytest.mark.parametrize(("said", "scheme"), [("https", "https"), ("http", "http"), ("gopher", "http")])
def test_the_scheme_is_that_of_the_outer_door(said: str, scheme: str) -> None:
    assert seen(x_forwarded_proto=said)["scheme"] == scheme


def test_a_certificate_comes_with_its_verdict() -> None:
    shown = presented(seen(x_loa_certificate_verify="SUCCESS", x_loa_certificate_serial="AB"))
    assert shown == Presented("SUCCESS", "AB")
    assert shown.holds


@pytest.mark.parametrize(
    "headers",
    [
        {"x_loa_certificate_verify": "FAILED:certificate has expired", "x_loa_certificate_serial": "AB"},
        {"x_loa_certificate_verify": "success", "x_loa_certificate_serial": "AB"},
        {"x_loa_certificate_verify": "SUCCESS"},
    ],
)
def test_one_that_failed_does_not_hold(headers: dict[str, str]) -> None:
    shown = presented(seen(**headers))
    assert shown is not None
    assert not shown.holds


@pytest.mark.parametrize("verdict", ["", "NONE"])
def test_who_shows_none_has_none(verdict: str) -> None:
    assert presented(seen(x_loa_certificate_verify=verdict, x_loa_certificate_serial="AB")) is None

"""Certificates that end soon are told in time."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hub.expiry import ENDING, Expiry
from hub.faults import Faults
from hub.store import certificates
from hub.store.certificates import Certificate
from tests.factories_hub import Village

DAY_S = 24 * 3600.0


class Watch:
    """A village whose loa-1 holds a certificate for 90 days."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.expiry = Expiry(store=village.store, faults=village.faults, now=village.now)
        self.sign("AA", days=90)

    @property
    def faults(self) -> Faults:
        return self.village.faults

    def sign(self, serial: str, *, days: int) -> None:
        at = self.village.now()
        new = Certificate(
            serial=serial, node="loa-1", key="k", pem="", issued_at=at, expires_at=at + timedelta(days=days)
        )
        self.village.store.write(lambda db: certificates.add(db, new))

    def after(self, days: float) -> list[tuple[str | None, str, str]]:
        self.village.now.pass_s(days * DAY_S)
        self.expiry.look()
        return [(fault.node, fault.name, fault.detail) for fault in self.faults.open()]


@pytest.fixture
def watch(village: Village) -> Watch:
    return Watch(village)


def test_sixty_days_before_its_end_a_certificate_is_told(watch: Watch) -> None:
    assert watch.after(30) == []
    assert watch.after(0.5) == [("loa-1", ENDING, "2027-02-18")]


def test_one_that_is_over_is_told_too(watch: Watch) -> None:
    assert watch.after(1000) == [("loa-1", ENDING, "2027-02-18")]


def test_a_renewed_one_is_not(watch: Watch) -> None:
    watch.after(80)
    watch.sign("BB", days=730)
    assert watch.after(0) == []


def test_a_removed_nodes_is_not(watch: Watch) -> None:
    watch.after(80)
    at = watch.village.now()
    watch.village.store.write(lambda db: certificates.revoke(db, "loa-1", at=at, reason="removed"))
    assert watch.after(0) == []


def test_looking_again_writes_nothing(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    watch.after(80)
    raised: list[Callable[..., None]] = []
    monkeypatch.setattr(watch.faults, "raise_", lambda *told: raised.append(*told))
    watch.after(0)
    assert raised == []

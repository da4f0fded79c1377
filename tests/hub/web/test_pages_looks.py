"""How often a page asks the same of the hub's file: what 300 nodes said is read once."""

from collections.abc import Callable

import pytest

from hub import knowledge
from hub.people.roles import Role
from hub.store import programme
from hub.store.database import Database
from tests.factories_counter import add_counter
from tests.factories_hub import Village, actor
from tests.factories_pages import Browser


class Counted:
    """A function that counts its calls."""

    def __init__(self, real: Callable[..., object]) -> None:
        self._real = real
        self.calls = 0

    def __call__(self, db: Database, *arguments: object, **more: object) -> object:
        self.calls += 1
        return self._real(db, *arguments, **more)


def test_the_first_page_looks_at_the_nodes_once(
    clerk: Browser, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_counter(village)
    village.schedules.create(actor(Role.CLERK), village.draft(village.bulletin("Bản tin chiều")))
    looks = Counted(knowledge.known_nodes)
    for module in ("fleet", "plays"):
        monkeypatch.setattr(f"hub.{module}.known_nodes", looks)
    assert "Bản tin chiều" in clerk.get("/").text
    assert looks.calls == 1


@pytest.mark.parametrize("path", ["/counters", "/cameras"])
def test_pages_of_counters_leave_the_programme_alone(
    clerk: Browser, village: Village, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    add_counter(village)
    plans = Counted(programme.planned)
    monkeypatch.setattr("hub.store.programme.planned", plans)
    assert clerk.get(path).status == 200
    assert plans.calls == 0

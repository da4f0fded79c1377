"""What the service manager hears of the hub, over a real socket, and what must live for it."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from hub.config import BrokerSettings, HubSettings, SiteSettings
from hub.service import Life, Service
from hub.store.database import Store
from hub.wiring import running_hub
from tests.fakes import Steady
from tests.service_manager import ServiceManager


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[ServiceManager]:
    with ServiceManager(tmp_path / "notify", watchdog_s=60) as made:
        yield made


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def life(manager: ServiceManager, steady: Steady) -> Life:
    """A hub that serves."""
    life = Life(Service(manager.environment), patience_s=60, steady_s=steady)
    life.served()
    assert manager.heard() == ["READY=1"]
    return life


def nothing(_db: object) -> None:
    return None


def test_the_hub_is_ready_once_when_its_loop_first_turns(life: Life, manager: ServiceManager) -> None:
    life.served()
    assert manager.heard() == []


def test_the_watchdog_is_fed_when_the_writer_answers(
    life: Life, manager: ServiceManager, store: Store
) -> None:
    life.prove(lambda: store.submit(nothing))
    assert manager.heard() == ["WATCHDOG=1"]


def test_an_error_is_an_answer_too(life: Life, manager: ServiceManager, store: Store) -> None:
    life.prove(lambda: store.submit(lambda db: db["no such table"].count))
    assert manager.heard() == ["WATCHDOG=1"]


def test_a_writer_that_is_held_up_is_not_vouched_for(
    manager: ServiceManager, steady: Steady, store: Store
) -> None:
    life, go_on = Life(Service(manager.environment), patience_s=0.05, steady_s=steady), threading.Event()
    life.served()
    store.submit(lambda _db: go_on.wait(30))
    life.prove(lambda: store.submit(nothing))
    go_on.set()
    assert manager.heard() == ["READY=1"]


def test_pages_that_are_no_longer_served_are_not_vouched_for(
    life: Life, manager: ServiceManager, steady: Steady, store: Store
) -> None:
    steady.now_s += 61
    life.prove(lambda: store.submit(nothing))
    assert manager.heard() == []


def test_a_store_that_is_closed_is_not_vouched_for(life: Life, manager: ServiceManager, store: Store) -> None:
    store.close()
    with pytest.raises(RuntimeError):
        life.prove(lambda: store.submit(nothing))
    assert manager.heard() == []


def test_a_running_hub_asks_its_writer_for_its_life(tmp_path: Path) -> None:
    asked = threading.Event()

    class Heard(Life):
        def prove(self, ask_writer: Any) -> None:
            answer: Future[Any] = ask_writer()
            answer.result(timeout=60)
            asked.set()

    settings = HubSettings(
        file=tmp_path / "hub.toml",
        site=SiteSettings(id="xa-mau", name="Xã mẫu"),
        broker=BrokerSettings(mode="outside", port=1, password="nobody asks"),
    )
    with running_hub(settings, life=Heard(Service({}))):
        assert asked.wait(60)


def test_the_end_is_announced(life: Life, manager: ServiceManager) -> None:
    life.stopping()
    assert manager.heard() == ["STOPPING=1"]


def test_no_child_inherits_the_word(manager: ServiceManager) -> None:
    Service(manager.environment)
    assert manager.environment == {}


@pytest.mark.parametrize("others", [{}, {"pid": os.getpid() + 1, "watchdog_s": 60.0}])
def test_a_watchdog_that_is_not_ours_is_not_fed(tmp_path: Path, others: dict[str, Any]) -> None:
    with ServiceManager(tmp_path / "notify", **others) as manager:
        service = Service(manager.environment)
        service.alive()
        assert manager.heard() == []


def test_a_name_without_a_file_is_reached(tmp_path: Path) -> None:
    with ServiceManager(f"@{tmp_path.name}-{os.getpid()}") as manager:
        Service(manager.environment).stopping()
        assert manager.heard() == ["STOPPING=1"]


def test_nobody_is_told_where_nobody_supervises(caplog: pytest.LogCaptureFixture) -> None:
    service = Service({})
    service.ready("serving")
    service.alive()
    service.stopping()
    assert not caplog.records


def test_a_manager_that_is_gone_ends_nothing(
    life: Life, manager: ServiceManager, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with manager:
        pass
    life.prove(lambda: store.submit(nothing))
    life.stopping()
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "the service manager does not hear 'WATCHDOG=1'",
        "the service manager does not hear 'STOPPING=1'",
    ]

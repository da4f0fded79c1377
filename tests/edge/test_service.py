"""What the service manager hears, over a real socket."""

import logging
import math
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from edge.service import Service
from tests.fakes import Steady
from tests.service_manager import ServiceManager


@pytest.fixture(params=["a path", "an abstract name"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServiceManager]:
    name = tmp_path / "notify" if request.param == "a path" else f"@loa-test-{uuid4().hex}"
    with ServiceManager(name, watchdog_s=40) as made:
        yield made


def test_nothing_is_said_before_the_first_sign_of_life(manager: ServiceManager) -> None:
    Service(manager.environment)
    assert manager.heard() == []


def test_ready_is_said_once(manager: ServiceManager) -> None:
    service = Service(manager.environment, steady_s=Steady())
    service.alive()
    service.alive()
    assert manager.heard().count("READY=1") == 1


def test_what_it_is_at_is_said_when_it_changes(manager: ServiceManager) -> None:
    service = Service(manager.environment, steady_s=Steady())
    for doing in ("silent", "silent", "sounding", "silent"):
        service.alive(doing)
    said = [word for word in manager.heard() if word != "WATCHDOG=1"]
    assert said == ["READY=1", "STATUS=sounding", "STATUS=silent"]


def test_a_title_of_two_lines_gives_the_manager_no_word_of_its_own(manager: ServiceManager) -> None:
    service = Service(manager.environment, steady_s=Steady())
    service.alive()
    service.alive("sounding: Lũ về\nMAINPID=1")
    assert manager.heard()[-1] == "STATUS=sounding: Lũ về MAINPID=1"


def test_the_watchdog_is_fed_four_times_in_its_period_however_often_there_is_life(
    manager: ServiceManager,
) -> None:
    steady = Steady()
    service = Service(manager.environment, steady_s=steady)
    for _ in range(80):
        service.alive()
        steady.now_s += 0.5
    assert manager.heard().count("WATCHDOG=1") == 4


def test_a_sign_of_life_is_wanted_each_quarter_of_the_watchdogs_period(manager: ServiceManager) -> None:
    assert Service(manager.environment).every_s == 10.0


def test_the_end_is_announced(manager: ServiceManager) -> None:
    Service(manager.environment).stopping("SIGTERM")
    assert manager.heard() == ["STOPPING=1"]


def test_no_child_inherits_the_word(manager: ServiceManager) -> None:
    Service(manager.environment)
    assert manager.environment == {}


def test_a_watchdog_for_another_process_is_not_fed(tmp_path: Path) -> None:
    with ServiceManager(tmp_path / "notify", watchdog_s=40, pid=os.getpid() + 1) as manager:
        Service(manager.environment).alive()
        assert manager.heard() == ["READY=1"]


def test_without_a_watchdog_only_ready_is_said(tmp_path: Path) -> None:
    with ServiceManager(tmp_path / "notify") as manager:
        service = Service(manager.environment)
        service.alive()
        assert manager.heard() == ["READY=1"]
        assert service.every_s == math.inf


def test_nobody_is_told_where_nobody_supervises(caplog: pytest.LogCaptureFixture) -> None:
    service = Service({})
    service.alive()
    service.stopping("enough")
    assert not caplog.records


def test_a_manager_that_is_gone_ends_nothing(
    manager: ServiceManager, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(manager.environment)
    with manager, caplog.at_level(logging.WARNING):
        pass
    service.alive()
    assert "READY=1" in caplog.text

"""A data folder belongs to one node of one site."""

from pathlib import Path

import pytest

from edge.belongings import open_ledger
from edge.errors import LedgerError
from edge.ledger import Ledger
from edge.wire.entries import Fault
from tests import factories as make
from tests.fakes import FakeClock


def opened(data: Path, *, site: str = make.SITE, node: str = make.NODE) -> Ledger:
    return open_ledger(data, site=site, node=node, boot="b")


def left_by(data: Path, *, site: str = make.SITE, node: str = make.NODE) -> str:
    """A ledger with an entry and a kept plan; its id."""
    ledger, clock = opened(data, site=site, node=node), FakeClock()
    ledger.append(Fault(name="sound"), at=clock.now(), clock=clock.reading())
    ledger.keep("plan", b"token")
    ledger.close()
    return str(ledger.id)


def test_the_nodes_own_ledger_goes_on(tmp_path: Path) -> None:
    before = left_by(tmp_path)
    ledger = opened(tmp_path)
    assert (str(ledger.id), ledger.last_seq(), ledger.kept("plan")) == (before, 1, b"token")
    ledger.close()


def test_a_ledger_from_before_owners_were_noted_is_this_nodes(tmp_path: Path) -> None:
    old = Ledger.open(tmp_path / "ledger.db", boot="b")
    old.close()
    ledger = opened(tmp_path)
    assert ledger.id == old.id
    ledger.close()
    assert left_by(tmp_path) == str(old.id)


@pytest.mark.parametrize("other", [{"node": "to-2-loa-9"}, {"site": "tan-phu"}])
def test_nothing_of_another_nodes_ledger_is_taken_over(tmp_path: Path, other: dict[str, str]) -> None:
    before = left_by(tmp_path, **other)
    ledger = opened(tmp_path)
    assert str(ledger.id) != before
    assert (ledger.last_seq(), ledger.kept("plan")) == (0, None)
    ledger.close()


def test_anothers_ledger_is_kept_and_named(tmp_path: Path) -> None:
    before = left_by(tmp_path, node="to-2-loa-9")
    opened(tmp_path).close()
    (aside,) = tmp_path.glob("ledger.db.of-tan-hoa-to-2-loa-9-*")
    kept = Ledger.open(aside, boot="b")
    assert (str(kept.id), kept.last_seq()) == (before, 1)
    kept.close()


def test_what_another_played_is_not_sent_in_this_nodes_name(tmp_path: Path) -> None:
    left_by(tmp_path, node="to-2-loa-9")
    (tmp_path / "played").mkdir()
    (tmp_path / "played" / "sound.wav").touch()
    opened(tmp_path).close()
    assert not (tmp_path / "played").exists()
    assert len(list(tmp_path.glob("played.of-*/sound.wav"))) == 1


def test_recordings_stay(tmp_path: Path) -> None:
    left_by(tmp_path, node="to-2-loa-9")
    (tmp_path / "recordings").mkdir()
    opened(tmp_path).close()
    assert (tmp_path / "recordings").exists()


def test_a_ledger_that_cannot_be_put_aside_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_parts: object, **_named: object) -> None:
        raise OSError(30, "Read-only file system")

    left_by(tmp_path, node="to-2-loa-9")
    monkeypatch.setattr("edge.belongings.set_aside", refuse)
    with pytest.raises(LedgerError, match="Read-only"):
        opened(tmp_path)

"""Two people at one bulletin: nobody saves over, hands in or approves what they have not seen."""

import pytest

from hub.bulletins import Bulletins
from hub.errors import Conflict, Problem
from hub.library import Library
from hub.people.roles import Actor, Role
from hub.store import audit
from hub.store.bulletins import Bulletin
from hub.store.database import Store
from tests.factories_library import ready
from tests.factories_people import Clock, person_at_work


@pytest.fixture
def lan(store: Store) -> Actor:
    return person_at_work(store, Role.CLERK, login="lan")


@pytest.fixture
def minh(store: Store) -> Actor:
    return person_at_work(store, Role.CLERK, Role.APPROVER, login="minh")


@pytest.fixture
def draft(bulletins: Bulletins, library: Library, lan: Actor) -> Bulletin:
    sound = ready(library, lan).id
    return bulletins.create(lan, title="Tiêm chủng", priority="routine", language="vi", recordings=[sound])


def save(bulletins: Bulletins, actor: Actor, seen: Bulletin, title: str) -> Bulletin:
    """`seen` with another title."""
    made_of = [each.id for each in seen.recordings]
    said = {"title": title, "priority": "routine", "language": "vi", "recordings": made_of}
    return bulletins.change(actor, seen.id, revision=seen.revision, **said)  # type: ignore[arg-type]


def test_who_saves_over_what_another_saved_is_told_who_and_stores_nothing(
    bulletins: Bulletins, lan: Actor, minh: Actor, draft: Bulletin, clock: Clock
) -> None:
    clock.pass_s(60)
    save(bulletins, minh, draft, "Bản của Minh")
    with pytest.raises(Conflict) as caught:
        save(bulletins, lan, draft, "Bản của Lan")
    facts = {"wanted": 1, "found": 2, "by": "Name of minh", "at": clock()}
    assert caught.value.problems == (Problem("bulletin_changed", "revision", facts),)
    assert bulletins.bulletin(draft.id).title == "Bản của Minh"


def test_who_has_seen_what_the_other_saved_may_save_over_it(
    bulletins: Bulletins, lan: Actor, minh: Actor, draft: Bulletin
) -> None:
    newer = save(bulletins, minh, draft, "Bản của Minh")
    last = save(bulletins, lan, newer, "Bản của Lan")
    assert last.changed is not None
    assert (last.title, last.revision, last.changed.name) == ("Bản của Lan", 3, "Name of lan")


def test_one_press_twice_is_one_saving(
    bulletins: Bulletins, store: Store, lan: Actor, draft: Bulletin
) -> None:
    save(bulletins, lan, draft, "Mới")
    assert save(bulletins, lan, draft, "Mới").revision == 2
    assert [each.action for each in audit.entries(store.read(), limit=9)].count("bulletin.edit") == 1


def test_what_another_has_changed_since_is_not_handed_in(
    bulletins: Bulletins, lan: Actor, minh: Actor, draft: Bulletin
) -> None:
    save(bulletins, minh, draft, "Bản của Minh")
    with pytest.raises(Conflict, match="bulletin_changed"):
        bulletins.submit(lan, draft.id, revision=draft.revision)
    assert bulletins.bulletin(draft.id).state == "draft"


def test_what_was_taken_back_and_handed_in_anew_is_not_approved_unseen(
    bulletins: Bulletins, lan: Actor, minh: Actor, draft: Bulletin
) -> None:
    seen = bulletins.submit(lan, draft.id)
    bulletins.send_back(lan, draft.id, note="Nhầm")
    newer = save(bulletins, lan, draft, "Khác hẳn")
    bulletins.submit(lan, draft.id, revision=newer.revision)
    with pytest.raises(Conflict, match="bulletin_changed"):
        bulletins.approve(minh, draft.id, revision=seen.revision)
    assert bulletins.bulletin(draft.id).state == "submitted"

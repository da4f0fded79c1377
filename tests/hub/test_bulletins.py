"""Bulletins: drafted by makers, approved by approvers, never changed afterwards."""

import pytest

from hub.bulletins import Bulletins
from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.library import Library
from hub.people.roles import Actor, Role
from hub.store import audit
from hub.store.bulletins import Bulletin
from hub.store.database import Store
from tests.factories_library import put, ready
from tests.factories_people import Clock, person_at_work


@pytest.fixture
def clerk(store: Store) -> Actor:
    return person_at_work(store, Role.CLERK, login="lan")


@pytest.fixture
def leader(store: Store) -> Actor:
    return person_at_work(store, Role.APPROVER, login="minh")


@pytest.fixture
def sound(library: Library, clerk: Actor) -> str:
    return ready(library, clerk).id


def draft(bulletins: Bulletins, actor: Actor, *recordings: str, title: str = "Tiêm chủng") -> Bulletin:
    return bulletins.create(actor, title=title, priority="routine", language="vi", recordings=recordings)


def change(bulletins: Bulletins, actor: Actor, seen: Bulletin, sound: str, title: str) -> Bulletin:
    """Save `title` over the draft as it was `seen`."""
    said = {"title": title, "priority": "routine", "language": "vi", "recordings": [sound]}
    return bulletins.change(actor, seen.id, revision=seen.revision, **said)  # type: ignore[arg-type]


def test_a_new_bulletin_is_a_draft_of_its_maker(bulletins: Bulletins, clerk: Actor, sound: str) -> None:
    made = draft(bulletins, clerk, sound)
    assert (made.state, made.created.by, made.created.name) == ("draft", clerk.person.id, "Name of lan")


def test_a_title_is_kept_with_each_letter_and_its_marks_as_one(
    bulletins: Bulletins, clerk: Actor, sound: str
) -> None:
    assert draft(bulletins, clerk, sound, title="Tie\u0302\u0301t").title == "Ti\u1ebft"


def test_recordings_keep_their_order_and_may_repeat(
    bulletins: Bulletins, library: Library, clerk: Actor
) -> None:
    chime, speech = ready(library, clerk, b"sound 1").id, ready(library, clerk, b"sound 2").id
    made = draft(bulletins, clerk, chime, speech, chime)
    assert [each.id for each in made.recordings] == [chime, speech, chime]
    assert made.duration_ms == 3 * 61_250


def test_every_wrong_field_is_named_at_once(bulletins: Bulletins, clerk: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        bulletins.create(clerk, title=" ", priority="loud", language="xx", recordings=[])
    assert [problem.where for problem in caught.value.problems] == [
        "title",
        "priority",
        "language",
        "recordings",
    ]


def test_unknown_and_refused_recordings_are_both_named(
    bulletins: Bulletins, library: Library, clerk: Actor
) -> None:
    refused = ready(library, clerk, b"text", title="Hỏng")
    with pytest.raises(Invalid) as caught:
        draft(bulletins, clerk, "nothing", refused.id, "\ud800")
    facts = {problem.code: problem.facts for problem in caught.value.problems}
    assert facts == {
        "recordings_unknown": {"ids": ["\\ud800", "nothing"]},
        "recordings_refused": {"titles": ["Hỏng"]},
    }


def test_a_bulletin_goes_from_draft_to_approved(
    bulletins: Bulletins, clerk: Actor, leader: Actor, sound: str
) -> None:
    made = draft(bulletins, clerk, sound)
    assert bulletins.submit(clerk, made.id).state == "submitted"
    approved = bulletins.approve(leader, made.id)
    assert approved.approved is not None
    assert (approved.state, approved.approved.name) == ("approved", "Name of minh")


def test_a_clerk_cannot_approve(bulletins: Bulletins, clerk: Actor, sound: str) -> None:
    made = bulletins.submit(clerk, draft(bulletins, clerk, sound).id)
    with pytest.raises(Forbidden):
        bulletins.approve(clerk, made.id)
    assert bulletins.bulletin(made.id).state == "submitted"


def test_a_draft_cannot_be_approved(bulletins: Bulletins, clerk: Actor, leader: Actor, sound: str) -> None:
    with pytest.raises(Conflict, match="bulletin_state"):
        bulletins.approve(leader, draft(bulletins, clerk, sound).id)


def test_what_is_still_being_prepared_cannot_be_submitted(
    bulletins: Bulletins, library: Library, clerk: Actor
) -> None:
    made = draft(bulletins, clerk, put(library, clerk, title="Đang làm").id)
    with pytest.raises(Conflict, match="Đang làm"):
        bulletins.submit(clerk, made.id)


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_only_a_draft_is_edited(
    bulletins: Bulletins, clerk: Actor, leader: Actor, sound: str, state: str
) -> None:
    made = bulletins.submit(clerk, draft(bulletins, clerk, sound).id)
    if state == "approved":
        bulletins.approve(leader, made.id)
    with pytest.raises(Conflict, match="bulletin_state"):
        change(bulletins, clerk, made, sound, title="Khác")
    assert bulletins.bulletin(made.id).title == "Tiêm chủng"


def test_editing_a_draft_replaces_what_it_said(
    bulletins: Bulletins, library: Library, clerk: Actor, sound: str
) -> None:
    other = ready(library, clerk, b"sound 2").id
    made = draft(bulletins, clerk, sound, sound)
    said = {"title": "Mới", "priority": "priority", "language": "tay", "recordings": [other]}
    changed = bulletins.change(clerk, made.id, revision=made.revision, **said)  # type: ignore[arg-type]
    assert (changed.title, changed.priority, changed.language) == ("Mới", "priority", "tay")
    assert [each.id for each in changed.recordings] == [other]


def test_a_returned_bulletin_is_a_draft_with_the_reason(
    bulletins: Bulletins, clerk: Actor, leader: Actor, sound: str
) -> None:
    made = bulletins.submit(clerk, draft(bulletins, clerk, sound).id)
    returned = bulletins.send_back(leader, made.id, note="Sai ngày")
    assert returned.returned is not None
    assert (returned.state, returned.return_note, returned.returned.name) == (
        "draft",
        "Sai ngày",
        "Name of minh",
    )
    assert bulletins.submit(clerk, made.id).return_note == ""


def test_returning_needs_a_reason(bulletins: Bulletins, clerk: Actor, leader: Actor, sound: str) -> None:
    made = bulletins.submit(clerk, draft(bulletins, clerk, sound).id)
    with pytest.raises(Invalid, match="note_length"):
        bulletins.send_back(leader, made.id, note=" ")


def test_who_submitted_may_take_it_back_and_no_other_clerk(
    bulletins: Bulletins, clerk: Actor, store: Store, sound: str
) -> None:
    made = bulletins.submit(clerk, draft(bulletins, clerk, sound).id)
    with pytest.raises(Forbidden):
        bulletins.send_back(person_at_work(store, Role.CLERK), made.id, note="x")
    assert bulletins.send_back(clerk, made.id, note="Nhầm").state == "draft"


@pytest.mark.parametrize(("own", "roles"), [(True, [Role.CLERK, Role.APPROVER]), (False, [Role.APPROVER])])
def test_approving_ones_own_work_is_marked(
    bulletins: Bulletins, store: Store, clerk: Actor, sound: str, own: bool, roles: list[Role]
) -> None:
    approver = person_at_work(store, *roles)
    made = bulletins.submit(approver if own else clerk, draft(bulletins, clerk, sound).id)
    bulletins.approve(approver, made.id)
    line = audit.entries(store.read(), limit=1)[0]
    assert (line.action, line.own_work) == ("bulletin.approve", own)


def test_a_copy_is_a_draft_that_names_its_origin(
    bulletins: Bulletins, clerk: Actor, leader: Actor, sound: str
) -> None:
    made = bulletins.submit(clerk, draft(bulletins, clerk, sound).id)
    bulletins.approve(leader, made.id)
    copy = bulletins.copy(clerk, made.id)
    assert (copy.state, copy.copied_from, copy.title) == ("draft", made.id, made.title)
    assert bulletins.bulletin(made.id).state == "approved"


def test_a_viewer_makes_nothing(bulletins: Bulletins, store: Store, sound: str) -> None:
    with pytest.raises(Forbidden):
        draft(bulletins, person_at_work(store, Role.VIEWER), sound)


def test_an_unknown_bulletin_is_said(bulletins: Bulletins, clerk: Actor) -> None:
    with pytest.raises(NotFound, match="bulletin_unknown"):
        bulletins.submit(clerk, "nothing")


def test_pages_of_bulletins_hold_each_once_newest_first(
    bulletins: Bulletins, clerk: Actor, sound: str, clock: Clock
) -> None:
    ids: list[str] = []
    for _ in range(5):
        ids.insert(0, draft(bulletins, clerk, sound).id)
        clock.pass_s(1)
    first = bulletins.bulletins(limit=2)
    second = bulletins.bulletins(limit=9, before=first[-1].id)
    assert [each.id for each in first + second] == ids


def test_a_recording_knows_the_bulletins_made_of_it(bulletins: Bulletins, clerk: Actor, sound: str) -> None:
    made = draft(bulletins, clerk, sound, sound)
    assert bulletins.used_in(sound) == [(made.id, "Tiêm chủng")]

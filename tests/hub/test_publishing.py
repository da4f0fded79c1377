"""Plans and standing states: signed, only when new, never below what nodes have."""

from datetime import UTC, datetime

import pytest

from edge.wire import signing
from edge.wire.orders import OrderKind
from edge.wire.plan import Plan
from edge.wire.signing import Keyring, SignedKind, SigningKey
from edge.wire.topics import Topics
from hub.outgoing import Courier
from hub.people.roles import Role
from hub.publishing import Publishing
from hub.store import nodes, plans
from hub.store.alive import StoreError
from tests.factories import SITE, VERSION
from tests.factories_hub import Village, actor

CLERK = actor(Role.CLERK)


def test_every_loudspeaker_gets_a_first_plan_and_standing_state(village: Village) -> None:
    village.publishing.refresh()
    assert village.line.plan("loa-3").aud == "node:loa-3"
    assert village.line.standing("loa-3").stopped is None


def test_an_unchanged_programme_is_not_sent_again(village: Village) -> None:
    village.schedules.create(CLERK, village.draft(village.bulletin()))
    village.line.sent.clear()
    village.now.pass_s(60)
    assert village.publishing.refresh() == 0
    assert village.line.sent == []


def test_only_the_plans_that_changed_are_sent(village: Village) -> None:
    village.publishing.refresh()
    village.line.sent.clear()
    village.schedules.create(CLERK, village.draft(village.bulletin(), areas=("to-2",)))
    assert [message.topic.split("/")[3] for message in village.line.sent] == ["loa-3"]


def test_a_plan_reaches_35_days_and_more_tomorrow(village: Village) -> None:
    village.publishing.refresh()
    first = village.line.plan("loa-1")
    assert (first.until - village.now()).days >= 35
    village.now.pass_s(86_400)
    village.publishing.refresh()
    assert village.line.plan("loa-1").until > first.until


def test_what_still_sounds_stays_in_the_plan(village: Village) -> None:
    long = village.bulletin(duration_ms=3 * 3_600_000)
    village.schedules.create(CLERK, village.draft(long))
    village.now.pass_s(2.5 * 3600)
    village.publishing.refresh()
    assert len(village.line.plan("loa-1").occurrences) == 1


def test_what_is_over_leaves_the_plan(village: Village) -> None:
    village.schedules.create(CLERK, village.draft(village.bulletin()))
    village.now.pass_s(3 * 3600)
    village.publishing.refresh()
    plan = village.line.plan("loa-1")
    assert plan.occurrences == plan.recordings == ()


def test_versions_rise_when_the_clock_goes_back(village: Village) -> None:
    village.publishing.refresh()
    before = village.line.plan("loa-1").version
    village.now.pass_s(-3600)
    village.schedules.create(CLERK, village.draft(village.bulletin()))
    assert village.line.plan("loa-1").version > before


def test_a_plan_that_is_sent_again_is_the_same_to_the_byte(village: Village) -> None:
    village.schedules.create(CLERK, village.draft(village.bulletin()))
    first = village.line.to("loa-1", "plan")[-1]
    village.line.sent.clear()
    village.now.pass_s(60)
    village.close()
    village.open()
    village.publishing.send_plans(["loa-1"])
    assert village.line.to("loa-1", "plan") == [first]


def test_what_several_plans_say_is_kept_once_and_only_while_one_says_it(village: Village) -> None:
    def kept() -> int:
        return len(list(village.store.read().query("SELECT name FROM plan_contents")))

    village.publishing.refresh()
    assert kept() == 1
    village.schedules.create(CLERK, village.draft(village.bulletin(), areas=("to-1",)))
    assert kept() == 2
    village.schedules.create(CLERK, village.draft(village.bulletin(), areas=("to-2",)))
    assert kept() == 2


def test_a_plan_that_was_not_written_does_not_leave(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.publishing.refresh()
    village.line.sent.clear()
    monkeypatch.setattr(plans, "keep_plans", _full)
    village.schedules.create(CLERK, village.draft(village.bulletin()))
    assert village.line.sent == []


def test_plans_wait_for_room_on_the_link_and_orders_do_not(village: Village) -> None:
    village.publishing.refresh()
    village.orders.issue(CLERK, kind=OrderKind.MUTE, nodes=["loa-1"])
    patient = {message.topic.rpartition("/")[2]: message.many for message in village.line.sent}
    assert patient == {"plan": True, "standing": True, "order": False}


def test_a_new_broker_is_given_everything(village: Village) -> None:
    village.publishing.refresh()
    village.line.sent.clear()
    village.publishing.republish()
    assert len(village.line.sent) == 6
    assert all(message.retain for message in village.line.sent)


def test_a_node_with_an_older_plan_is_sent_it_again(village: Village) -> None:
    village.publishing.refresh()
    village.line.sent.clear()
    village.born("loa-1")
    assert len(village.line.to("loa-1", "plan")) == 1
    assert len(village.line.to("loa-1", "standing")) == 1


def test_a_node_that_has_all_is_left_alone(village: Village) -> None:
    village.publishing.refresh()
    plan, standing = village.line.plan("loa-1").version, village.line.standing("loa-1").version
    village.line.sent.clear()
    village.born("loa-1", plan=plan, standing=standing, order=standing)
    assert [message for message in village.line.sent if not message.topic.endswith("/stored")] == []


def test_a_hub_restored_from_a_backup_goes_above_what_a_node_has(village: Village) -> None:
    village.publishing.refresh()
    ahead = VERSION + 10**9
    village.born("loa-1", plan=ahead, standing=ahead + 1, order=ahead + 2)
    assert village.line.plan("loa-1").version > ahead
    assert village.line.standing("loa-1").version > ahead + 2


def test_after_a_backup_every_later_order_is_above_it_too(village: Village) -> None:
    ahead = VERSION + 10**9
    village.publishing.refresh()
    village.born("loa-1", order=ahead)
    assert village.orders.issue(CLERK, kind=OrderKind.STOP, everywhere=True).seq > ahead


def test_a_node_that_lies_about_its_numbers_does_not_use_up_those_of_the_site(village: Village) -> None:
    village.publishing.refresh()
    before = village.line.standing("loa-1").version
    village.born("loa-1", plan=2**53 - 1, standing=2**53 - 1, order=2**53 - 1)
    village.publishing.refresh()
    assert village.line.plan("loa-1").version < 2**50
    assert village.line.standing("loa-1").version == before


def test_a_number_made_up_at_the_edge_of_belief_does_not_carry_the_site_there(village: Village) -> None:
    village.publishing.refresh()
    edge = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp() * 1000)
    village.born("loa-1", plan=edge, standing=edge, order=edge)
    village.orders.issue(CLERK, kind=OrderKind.MUTE, nodes=["loa-1", "loa-2"])
    muted = village.line.standing("loa-2").version
    village.born("loa-2", standing=muted, order=muted)
    assert muted < edge
    assert village.fleet.node("loa-2").confirmed


def test_a_late_reading_of_health_brings_the_plan_again(village: Village) -> None:
    village.publishing.refresh()
    version, standing = village.line.plan("loa-1").version, village.line.standing("loa-1").version
    village.born("loa-1", plan=version, standing=standing)
    village.line.sent.clear()
    village.health("loa-1", plan=version - 1, standing=standing)
    assert len(village.line.to("loa-1", "plan")) == 1


def test_changed_house_rules_reach_every_plan(village: Village) -> None:
    village.publishing.refresh()
    village.site.change(actor(Role.ADMINISTRATOR), quiet=[("21:00", "05:30")])
    [quiet] = village.line.plan("loa-3").house_rules.quiet
    assert (quiet.start, quiet.end) == ("21:00", "05:30")


def test_plans_of_another_key_are_signed_anew(village: Village) -> None:
    village.publishing.refresh()
    other = SigningKey.generate()
    courier = Courier(key=other, topics=Topics(SITE), send=village.line)
    anew = Publishing(store=village.store, courier=courier, now=village.now)
    assert anew.refresh() == 3
    token = village.line.to("loa-1", "plan")[-1]
    assert Plan.decode(Keyring(other.public()).open(SignedKind.PLAN, token)).aud == "node:loa-1"


def enrolled_again(village: Village) -> None:
    village.enrol("loa-1")


def test_a_node_with_a_new_card_stays_muted(village: Village) -> None:
    village.publishing.refresh()
    village.orders.issue(CLERK, kind=OrderKind.MUTE, nodes=["loa-1"])
    enrolled_again(village)
    village.born("loa-1")
    assert village.line.standing("loa-1").muted


def test_a_removed_node_that_comes_back_under_a_stop_is_born_stopped(village: Village) -> None:
    village.publishing.refresh()
    village.orders.issue(CLERK, kind=OrderKind.STOP, everywhere=True)
    village.orders.issue(CLERK, kind=OrderKind.RESUME, nodes=["loa-1"])
    village.store.write(lambda db: nodes.remove(db, "loa-1", at=village.now()))
    enrolled_again(village)
    village.publishing.refresh()
    assert village.line.standing("loa-1").stopped is not None


def test_a_schedule_stands_when_it_cannot_be_published_and_is_published_later(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.publishing.refresh()
    with monkeypatch.context() as broken:
        broken.setattr(plans, "keep_plans", _full)
        created = village.schedules.create(CLERK, village.draft(village.bulletin()))
    assert village.schedules.get(created.schedule.id)
    assert village.line.plan("loa-1").occurrences == ()
    village.publishing.catch_up()
    assert [each.id for each in village.line.plan("loa-1").occurrences] == [created.occurrences[0].id]


def test_what_cannot_be_published_while_another_is_caught_up_with_is_published_later(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(in_s: float) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(plans, "keep_plans", _full)
            village.schedules.create(CLERK, village.draft(village.bulletin(), starts_at=village.in_s(in_s)))

    village.publishing.refresh()
    fail(300)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(village.publishing, "_begin_standings", lambda: fail(600))
        village.publishing.catch_up()
    village.publishing.catch_up()
    assert len(village.line.plan("loa-1").occurrences) == 2


def test_a_plan_too_large_to_send_is_a_fault_of_its_node_and_stops_no_other(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.publishing.refresh()
    before = village.line.plan("loa-1").version
    with monkeypatch.context() as small:
        small.setattr(signing, "MAX_MESSAGE_BYTES", 1500)
        for minute in range(1, 4):
            village.schedules.create(
                CLERK, village.draft(village.bulletin(), starts_at=village.in_s(300 * minute))
            )
        village.schedules.create(CLERK, village.draft(village.bulletin(), areas=("to-2",)))
    assert len(village.line.plan("loa-3").occurrences) == 1
    faults = [fault.name for fault in village.fleet.node("loa-1").faults]
    assert faults == ["plan_too_large"]
    village.publishing.refresh()
    assert village.line.plan("loa-1").version > before
    assert village.fleet.node("loa-1").faults == ()


def test_what_is_in_force_is_told_though_new_plans_cannot_be_stored(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.publishing.refresh()
    village.orders.issue(CLERK, kind=OrderKind.STOP, everywhere=True)
    village.line.sent.clear()
    village.now.pass_s(86_400)
    monkeypatch.setattr(plans, "keep_plans", _full)
    village.publishing.republish()
    assert village.line.standing("loa-1").stopped is not None


def _full(*_: object) -> None:
    raise StoreError("database or disk is full")

"""The house rules: two administrators at one form do not save over each other unseen."""

import pytest

from hub.errors import Conflict
from hub.people.roles import Role
from hub.store import audit
from tests.factories_hub import Village, actor

BOSS = actor(Role.ADMINISTRATOR)
NIGHT, NOON = ("22:00", "06:00"), ("11:30", "13:30")


def hours(village: Village) -> list[tuple[str, str]]:
    return [(each.start, each.end) for each in village.site.kept().rules.quiet]


def test_who_saves_over_rules_that_another_saved_is_refused(village: Village) -> None:
    seen = village.site.kept().revision
    village.site.change(BOSS, quiet=[NIGHT], revision=seen)
    with pytest.raises(Conflict, match="rules_changed"):
        village.site.change(BOSS, quiet=[NOON], revision=seen)
    assert hours(village) == [NIGHT]


def test_who_has_seen_the_newer_rules_may_save_over_them(village: Village) -> None:
    newer = village.site.change(BOSS, quiet=[NIGHT])
    village.site.change(BOSS, quiet=[NOON], revision=newer.revision)
    assert hours(village) == [NOON]


def test_one_press_twice_is_one_saving_of_the_rules(village: Village) -> None:
    seen = village.site.kept().revision
    for _ in range(2):
        village.site.change(BOSS, quiet=[NIGHT], revision=seen)
    lines = audit.entries(village.store.read(), limit=20)
    assert [each.action for each in lines].count("site.house_rules") == 1

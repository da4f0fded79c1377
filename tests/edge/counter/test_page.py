import re

import pytest

from edge.config_counter import CounterSettings
from edge.counter.page import make_assets


def page(**changes: object) -> str:
    return make_assets(CounterSettings.model_validate(changes))["/"].content.decode()


@pytest.mark.parametrize("levels", [3, 4, 5])
def test_there_is_a_face_for_each_level_the_best_first(levels: int) -> None:
    found = re.findall(r'data-level="(\d)"', page(levels=levels))
    assert found == [str(level) for level in range(1, levels + 1)]


def test_every_face_has_its_words_in_both_languages() -> None:
    faces = re.findall(r"<button[^>]*face.*?</button>", page(levels=5), re.DOTALL)
    assert all(re.search(r'<span data-vi="[^"]+" data-en="[^"]+">', face) for face in faces)


def test_the_offices_own_words_are_shown() -> None:
    assert "Rất tốt" in page(levels=3, labels=["Rất tốt", "Được", "Chưa tốt"])


def test_what_stands_in_the_settings_is_never_markup() -> None:
    shown = page(title="<b>1</b>", levels=3, labels=['"><script>', "b", "c"])
    assert "<b>1" not in shown
    assert "<script>" not in shown

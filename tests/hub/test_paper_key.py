"""A key on paper that people type back."""

import random

import pytest

from hub.paper_key import PaperKey

PAPER = "AAAAB AAAAC AAAAD AAAAE AAAAF AAAAG AAAAH 5FH85"
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
DICE = random.Random(20_261_121)  # noqa: S311 - where to mistype


def test_what_was_printed_is_read_again() -> None:
    made = PaperKey.generate()
    assert PaperKey.read(str(made)) == made


def test_case_and_what_stands_between_groups_do_not_matter() -> None:
    made = PaperKey.generate()
    assert PaperKey.read(f" {str(made).lower().replace(' ', ' - ')}\r\n") == made


def test_every_key_is_another() -> None:
    assert len({str(PaperKey.generate()) for _ in range(100)}) == 100


def test_the_same_paper_is_the_same_key_in_every_version() -> None:
    key = PaperKey.read(PAPER).signing_key()
    assert str(PaperKey.read(PAPER)) == PAPER
    assert key.public() == "rwvS73Rb44P3b9dFB3sb06WNi1B0w5nALwr_4kjHIEg"


def test_it_is_not_shown_by_chance() -> None:
    made = PaperKey.generate()
    assert made.secret[:4] not in repr(made)


@pytest.mark.parametrize("place", range(40))
def test_a_wrong_letter_is_told_by_its_group(place: int) -> None:
    letters = "".join(str(PaperKey.generate()).split())
    for wrong in set(LETTERS) - {letters[place]}:
        with pytest.raises(ValueError, match=f"group {place // 5 + 1} .* is not as it was printed"):
            PaperKey.read(letters[:place] + wrong + letters[place + 1 :])


def test_neighbours_that_changed_places_are_told_by_their_group() -> None:
    letters = list("".join(str(PaperKey.generate()).split()))
    for place in (place for place in range(39) if place % 5 < 4 and letters[place] != letters[place + 1]):
        typed = letters.copy()
        typed[place], typed[place + 1] = typed[place + 1], typed[place]
        with pytest.raises(ValueError, match=f"group {place // 5 + 1} "):
            PaperKey.read("".join(typed))


def test_groups_that_changed_places_are_told() -> None:
    groups = str(PaperKey.generate()).split()
    groups[2], groups[5] = groups[5], groups[2]
    with pytest.raises(ValueError, match="group 3 "):
        PaperKey.read(" ".join(groups))


def test_groups_of_two_papers_do_not_belong_together() -> None:
    one, other = str(PaperKey.generate()).split(), str(PaperKey.generate()).split()
    with pytest.raises(ValueError, match="do not belong together"):
        PaperKey.read(" ".join([*one[:3], other[3], *one[4:]]))


@pytest.mark.parametrize("typed", ["", "ABCDE", "A" * 41, " ".join(["ABCDE"] * 9)])
def test_too_few_or_too_many_letters_are_counted(typed: str) -> None:
    found = len(typed.replace(" ", ""))
    with pytest.raises(ValueError, match=f"40 in all; found {found}"):
        PaperKey.read(typed)


@pytest.mark.parametrize("letter", ["0", "1", "I", "L", "O", "Đ"])
def test_a_letter_that_is_never_in_a_key_is_named(letter: str) -> None:
    with pytest.raises(ValueError, match=f"group 1 .*no {letter} is ever"):
        PaperKey.read(letter + PAPER[1:])

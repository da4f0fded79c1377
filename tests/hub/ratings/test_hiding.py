"""Small numbers are hidden, and cannot be worked out."""

from hypothesis import given
from hypothesis import strategies as st

from hub.ratings.hiding import hide_small
from hub.ratings.sums import SATISFIED, Tally


def shown(*counts: int) -> tuple[tuple[int | None, ...], int | None]:
    found = hide_small(Tally(levels=len(counts), counts=counts, pressed=sum(counts)))
    return found.counts, found.total


def test_large_numbers_and_nothing_are_shown() -> None:
    assert shown(5, 0, 90, 12) == ((5, 0, 90, 12), 107)


def test_a_small_number_takes_the_next_with_it() -> None:
    assert shown(40, 3, 9, 0) == ((40, None, None, 0), 52)


def test_two_small_numbers_hide_each_other() -> None:
    assert shown(40, 3, 1, 0) == ((40, None, None, 0), 44)


def test_small_numbers_that_their_sum_gives_away_take_the_next_with_them() -> None:
    assert shown(40, 1, 1, 9) == ((40, None, None, None), 51)
    assert shown(40, 4, 4, 9) == ((40, None, None, None), 57)
    assert shown(0, 1, 1, 0) == ((0, None, None, 0), None)


def test_the_share_goes_when_the_sum_of_its_part_gives_numbers_away() -> None:
    assert hide_small(Tally(levels=4, counts=(1, 1, 2, 2), pressed=6)).share is None


def test_a_small_number_alone_takes_the_total_with_it() -> None:
    assert shown(0, 3, 0, 0) == ((0, None, 0, 0), None)


def test_the_share_goes_when_it_would_give_a_number_away() -> None:
    assert hide_small(Tally(levels=4, counts=(40, 3, 9, 0), pressed=52)).share is None
    assert hide_small(Tally(levels=4, counts=(40, 90, 1, 2), pressed=133)).share is not None


@given(st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_no_hidden_number_follows_from_what_is_shown(counts: list[int]) -> None:
    tally = Tally(levels=4, counts=tuple(counts), pressed=sum(counts))
    found = hide_small(tally)
    for part, known in (
        (slice(None), found.total),
        (slice(SATISFIED[4]), found.share),
        (slice(2, 4), found.share),
    ):
        assert known is None or found.counts[part].count(None) != 1

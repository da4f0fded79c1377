"""The page for other implementers says what the code does."""

import re
from pathlib import Path

import pytest

from edge.wire import entries, link, messages, orders, plan, topics
from edge.wire.base import MAX_MESSAGE_BYTES, PROTOCOL
from edge.wire.signing import SignedKind
from tests import factories as make

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "edge" / "wire" / "README.md").read_text(encoding="utf-8")
SAMPLES = ROOT / "tests" / "samples" / "wire"
TOPICS = topics.Topics(make.SITE)


def table(header: str) -> list[list[str]]:
    """The cells of the table whose first column is named `header`."""
    lines = README.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {header} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def spelt(cell: str) -> str:
    return cell.strip("`").format(site=make.SITE, node=make.NODE, area=make.AREA)


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def topics_where(direction: str) -> set[str]:
    return {spelt(row[0]) for row in table("topic") if row[1].startswith(direction)}


def test_nodes_hear_what_the_table_says() -> None:
    heard = set(TOPICS.node_hears(make.NODE, (make.AREA,)))
    assert heard - {TOPICS.node(make.NODE, "state")} == topics_where("hub →")


def test_nodes_say_what_the_table_says() -> None:
    assert set(TOPICS.node_says(make.NODE)) == topics_where("node →")


def test_a_node_hears_its_own_state() -> None:
    assert TOPICS.node(make.NODE, "state") in TOPICS.node_hears(make.NODE, ())


def test_every_topic_of_the_table_is_known_to_the_code() -> None:
    rows = [spelt(row[0]) for row in table("topic")]
    assert [TOPICS.parse(topic).leaf for topic in rows] == [topic.rpartition("/")[2] for topic in rows]


def test_the_table_leaves_out_no_topic_of_a_node() -> None:
    in_table = {row[0].strip("`").rsplit("/", 1)[1] for row in table("topic") if "/node/" in row[0]}
    assert in_table == set(topics._NODE_LEAVES)


def test_orders_are_never_retained() -> None:
    assert {row[3] for row in table("topic") if row[4] == "Order"} == {"never"}


def test_every_message_of_the_table_is_a_message_of_the_code() -> None:
    public = {*messages.__all__, *orders.__all__, *plan.__all__}
    named = {name for row in table("topic") for name in row[4].split(", ")}
    assert named <= public


def test_the_table_names_every_signature() -> None:
    signed = {kind for row in table("topic") for kind in quoted(row[5])}
    signed |= {kind for row in table("request") for kind in quoted(row[2])}
    assert signed == {kind.value for kind in SignedKind}


def test_the_table_names_every_kind_of_entry() -> None:
    assert [quoted(row[0])[0] for row in table("kind")] == list(entries.BODIES)


@pytest.mark.parametrize(
    "row", table("topic") + table("kind") + table("step") + table("request"), ids=lambda row: row[0]
)
def test_every_example_is_there(row: list[str]) -> None:
    assert all((SAMPLES / f"{name}.json").exists() for name in quoted(row[-1]))


def test_every_example_is_named() -> None:
    rows = table("topic") + table("kind") + table("step") + table("request")
    named = {name for row in rows for name in quoted(row[-1])}
    assert named == {path.stem for path in SAMPLES.iterdir()}


def test_the_order_shown_is_the_sample() -> None:
    assert (SAMPLES / "order.json").read_text(encoding="utf-8") in README


def test_version_and_limit_are_those_of_the_code() -> None:
    assert f"contract: `{PROTOCOL}`" in README
    assert f"at most {MAX_MESSAGE_BYTES // 2**20} MiB" in README


def test_the_link_names_this_page() -> None:
    assert "README" in (link.__doc__ or "")

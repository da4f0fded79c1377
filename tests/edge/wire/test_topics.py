import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire.errors import BadTopic
from edge.wire.topics import Address, Topics
from tests import factories as make

TOPICS = Topics(make.SITE)
NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)
HOSTILE = [
    "",
    "+",
    "#",
    "a/b",
    "/",
    "$SYS",
    "A",
    "tổ-2",
    "-a",
    "a b",
    "a\0",
    "a\n",
    "a" * 64,
    "..",
    "a+",
    "a#",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_name_stands_in_a_nodes_topic(name: str) -> None:
    with pytest.raises(BadTopic):
        TOPICS.node(name, "plan")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_name_stands_in_an_areas_topic(name: str) -> None:
    with pytest.raises(BadTopic):
        TOPICS.order_area(name)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_name_is_a_site(name: str) -> None:
    with pytest.raises(BadTopic):
        Topics(name)


@pytest.mark.parametrize("leaf", ["", "+", "#", "plans", "plan/more"])
def test_a_node_has_no_other_topics(leaf: str) -> None:
    with pytest.raises(BadTopic):
        TOPICS.node(make.NODE, leaf)


@given(site=NAMES, node=NAMES, leaf=st.sampled_from(["plan", "standing", "order", "state", "ledger"]))
def test_a_nodes_topic_is_parsed_back(site: str, node: str, leaf: str) -> None:
    topics = Topics(site)
    assert topics.parse(topics.node(node, leaf)) == Address(scope="node", owner=node, leaf=leaf)


@given(area=NAMES)
def test_an_areas_topic_is_parsed_back(area: str) -> None:
    assert TOPICS.parse(TOPICS.order_area(area)) == Address(scope="area", owner=area, leaf="order")


def test_the_sites_own_topics_are_parsed_back() -> None:
    assert [TOPICS.parse(TOPICS.hub).scope, TOPICS.parse(TOPICS.order_all).scope] == ["hub", "all"]


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "loa",
        "loa/tan-hoa",
        "loa/tan-hoa/hub/more",
        "loa/khac/hub",
        "loa/tan-hoa/node/x",
        "loa/tan-hoa/node/x/plan/more",
        "loa/tan-hoa/node/x/unknown",
        "loa/tan-hoa/node/+/plan",
        "loa/tan-hoa/area/x/plan",
        "/loa/tan-hoa/hub",
        "$SYS/broker/uptime",
    ],
)
def test_what_is_no_topic_of_the_site_is_refused(topic: str) -> None:
    with pytest.raises(BadTopic):
        TOPICS.parse(topic)


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    with pytest.raises(BadTopic):
        TOPICS.parse(f"{text}?")


def test_a_node_hears_the_orders_of_every_area_it_is_in() -> None:
    heard = TOPICS.node_hears(make.NODE, ("to-2", "thon-1"))
    assert {TOPICS.order_area("to-2"), TOPICS.order_area("thon-1"), TOPICS.order_all} <= set(heard)


def test_a_node_hears_no_other_nodes_topic() -> None:
    heard = map(TOPICS.parse, TOPICS.node_hears(make.NODE, ("to-2",)))
    assert {address.owner for address in heard if address.scope == "node"} == {make.NODE}


def test_a_node_never_says_what_it_obeys() -> None:
    said = {TOPICS.parse(topic).leaf for topic in TOPICS.node_says(make.NODE)}
    assert not said & {"plan", "standing", "order", "answer", "stored"}


def test_the_hub_hears_all_that_nodes_say() -> None:
    said = {topic.replace(make.NODE, "+") for topic in TOPICS.node_says(make.NODE)}
    assert set(TOPICS.hub_hears()) == said


@given(site=NAMES)
def test_a_filter_for_every_node_has_one_wildcard_in_the_nodes_place(site: str) -> None:
    assert Topics(site).every_node("ledger").split("/") == ["loa", site, "node", "+", "ledger"]

"""Every MQTT topic of the contract; nothing else in Loa spells one."""

import re
from dataclasses import dataclass

from edge.wire.errors import BadTopic

__all__ = ["Address", "Topics", "is_name"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_NODE_LEAVES = ("plan", "standing", "order", "time", "answer", "state", "health", "ledger", "stored")


@dataclass(frozen=True)
class Address:
    """Where a message came from or goes to: `leaf` at `owner` (a node's or area's name, or empty)."""

    scope: str
    owner: str
    leaf: str


@dataclass(frozen=True)
class Topics:
    """The topics of one site. Names are `[a-z0-9-]`, so that none can hold `/`, `+` or `#`."""

    site: str

    def __post_init__(self) -> None:
        _checked(self.site)

    @property
    def hub(self) -> str:
        """hub → all, retained: the hub's session; its last will says gone."""
        return f"loa/{self.site}/hub"

    @property
    def order_all(self) -> str:
        """hub → every node, never retained: a signed order."""
        return f"loa/{self.site}/all/order"

    def order_area(self, area: str) -> str:
        """hub → nodes in `area`, never retained: a signed order."""
        return f"loa/{self.site}/area/{_checked(area)}/order"

    def node(self, node: str, leaf: str) -> str:
        """A topic of one node. Raises `BadTopic` for a leaf that the contract does not have."""
        if leaf not in _NODE_LEAVES:
            raise BadTopic(f"a node has no topic {leaf!r}")
        return f"loa/{self.site}/node/{_checked(node)}/{leaf}"

    def every_node(self, leaf: str) -> str:
        """The filter that matches `leaf` of every node; for the hub."""
        return self.node("x", leaf).replace("/node/x/", "/node/+/")

    def node_hears(self, node: str, areas: tuple[str, ...]) -> tuple[str, ...]:
        """All that a node in `areas` (its own and those above) subscribes to."""
        own = (self.node(node, leaf) for leaf in ("plan", "standing", "order", "answer", "state", "stored"))
        return (self.hub, self.order_all, *map(self.order_area, areas), *own)

    def node_says(self, node: str) -> tuple[str, ...]:
        """All that a node may publish."""
        return tuple(self.node(node, leaf) for leaf in ("time", "state", "health", "ledger"))

    def hub_hears(self) -> tuple[str, ...]:
        """All that the hub subscribes to."""
        return tuple(self.every_node(leaf) for leaf in ("time", "state", "health", "ledger"))

    def parse(self, topic: str) -> Address:
        """The address that `topic` spells. Raises `BadTopic`, also for another site's."""
        match topic.split("/"):
            case ["loa", self.site, "hub"]:
                return Address(scope="hub", owner="", leaf="hub")
            case ["loa", self.site, "all", "order"]:
                return Address(scope="all", owner="", leaf="order")
            case ["loa", self.site, "area", area, "order"] if is_name(area):
                return Address(scope="area", owner=area, leaf="order")
            case ["loa", self.site, "node", node, leaf] if is_name(node) and leaf in _NODE_LEAVES:
                return Address(scope="node", owner=node, leaf=leaf)
        raise BadTopic(f"{topic[:120]!r} is not a topic of site {self.site!r}")


def is_name(text: str) -> bool:
    """Whether a text can stand in a topic: 1 to 63 of a-z, 0-9 and -, not beginning with -."""
    return _NAME.fullmatch(text) is not None


def _checked(name: str) -> str:
    if not is_name(name):
        raise BadTopic(f"{name[:80]!r} cannot stand in a topic: 1 to 63 of a-z, 0-9 and -")
    return name

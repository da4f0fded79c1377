"""Figures for Prometheus: sums and states, no names of people."""

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """One hub's figures. A gauge is read when somebody asks for it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._gauges = _Gauges()
        self._registry.register(self._gauges)
        self._requests = Counter(
            "loa_http_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "loa_http_request_seconds",
            "Time until the answer began.",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )

    def gauge(self, name: str, text: str, read: Callable[[], float]) -> None:
        """Add a figure that `read` tells."""
        self.family(name, text, label="", read=lambda: {"": read()})

    def family(self, name: str, text: str, *, label: str, read: Callable[[], Mapping[str, float]]) -> None:
        """Add figures that differ in the value of `label`."""
        self._gauges.add(name, text, label, read)

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` is its pattern, not its address."""
        self._requests.labels(method, route, f"{status // 100}xx").inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self._registry)


class _Gauges(Collector):
    def __init__(self) -> None:
        self._readers: list[tuple[str, str, str, Callable[[], Mapping[str, float]]]] = []

    def add(self, name: str, text: str, label: str, read: Callable[[], Mapping[str, float]]) -> None:
        self._readers.append((name, text, label, read))

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # nothing is read at registration

    def collect(self) -> list[GaugeMetricFamily]:
        return [_family(*reader) for reader in self._readers]


def _family(name: str, text: str, label: str, read: Callable[[], Mapping[str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label] if label else [])
    for value, figure in read().items():
        family.add_metric([value] if label else [], figure)
    return family

"""GET /metrics: the post in Prometheus' text format, counted from the database at each scrape. No personal data.

Only from this machine, as every page: a Prometheus elsewhere comes through a proxy or an exporter of the office's own.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from fastapi import FastAPI, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from portal.desk import Desk
from tasks.post_figures import PostFigures, post_figures

PATH = "/metrics"
TEXT = "text/plain; version=0.0.4; charset=utf-8"


def add_to(app: FastAPI, desk: Desk) -> None:
    """Add the address to the portal."""

    @app.get(PATH)
    def metrics() -> Response:
        now = desk.clock()
        with desk.reading() as db:
            figures = post_figures(db, desk.settings, now=now)
        collected = CollectorRegistry()
        collected.register(_Post(figures, now))
        return Response(generate_latest(collected), media_type=TEXT)


class _Post(Collector):
    """The figures of one scrape."""

    def __init__(self, figures: PostFigures, now: datetime) -> None:
        self._figures, self._now = figures, now

    def collect(self) -> Iterator[Metric]:
        figures = self._figures
        yield _by(
            "dondoc_deliveries", "Deliveries by channel and state.", ("channel", "state"), figures.deliveries.items()
        )
        notices = [((state,), count) for state, count in figures.notices.items()]
        yield _by("dondoc_notices", "Notices by state.", ("state",), notices)
        yield from self._seconds()
        overruns = "Deliveries whose lease ended minutes ago without a record."
        yield GaugeMetricFamily("dondoc_lease_overruns", overruns, value=figures.overruns)
        yield from self._channels()
        unreached = "Recipients with a notice that nobody can be written to about."
        yield GaugeMetricFamily("dondoc_unreachable_units", unreached, value=figures.unreached)
        changes = "Changes of deliveries' states so far, by the state that came."
        yield _grown("dondoc_delivery_events", changes, "after", figures.events)
        yield _grown("dondoc_alarms", "Alarms raised so far, by kind.", "kind", figures.alarms)

    def _seconds(self) -> Iterator[Metric]:
        """Spans; what never happened has none."""
        figures = self._figures
        oldest = "How long the oldest delivery that may leave has been waiting."
        yield GaugeMetricFamily("dondoc_delivery_oldest_due_seconds", oldest, value=self._since(figures.oldest_due))
        if figures.last_beat is not None:
            beat = "Since the last sign of life of any dispatcher."
            yield GaugeMetricFamily("dondoc_dispatcher_last_beat_seconds", beat, value=self._since(figures.last_beat))
        if figures.token_ends is not None:
            left = (figures.token_ends - self._now).total_seconds()
            token = "Until consent to send through Zalo ends."
            yield GaugeMetricFamily("dondoc_zalo_refresh_token_seconds_left", token, value=left)

    def _channels(self) -> Iterator[Metric]:
        ways = self._figures.ways
        paused = [((way.name,), int(way.paused(self._now))) for way in ways]
        yield _by("dondoc_channel_paused", "1 while the channel's provider takes nothing.", ("channel",), paused)
        left = [((way.name,), way.quota_left) for way in ways if way.quota_left is not None]
        yield _by("dondoc_channel_quota_left", "Messages left of today's quota.", ("channel",), left)

    def _since(self, instant: datetime | None) -> float:
        return 0.0 if instant is None else max((self._now - instant).total_seconds(), 0.0)


def _by(
    name: str, about: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], int]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=labels)
    for key, value in sorted(values):
        family.add_metric(key, value)
    return family


def _grown(name: str, about: str, label: str, values: Mapping[str, int]) -> CounterMetricFamily:
    """A counter; its name gets "_total"."""
    family = CounterMetricFamily(name, about, labels=(label,))
    for key, value in sorted(values.items()):
        family.add_metric((key,), value)
    return family

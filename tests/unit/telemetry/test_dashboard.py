"""The Grafana dashboard in docs/: it can be loaded, and asks for nothing that /metrics does not show."""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard
from prometheus_client import CollectorRegistry, ProcessCollector

from assistant.telemetry.metrics import Metrics
from assistant.telemetry.state_collector import StateCollector
from tests.support.telemetry import FakeAssistant

DASHBOARD = Path(__file__).parents[3] / "docs" / "grafana-dashboard.json"
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
GRAFANA_FILLS_IN = {"$__rate_interval": "5m", "$__range": "6h", "$instance": ".*"}
"""Grafana's variables, and what could stand in their place when it asks Prometheus."""
NOT_IN_ITS_TYPES = {"__requires", "id", "definition"}
"""What Grafana itself writes into a file, and its published types leave out."""


@pytest.fixture
def dashboard() -> Any:
    return json.loads(DASHBOARD.read_text(encoding="utf-8"))


@pytest.fixture
def exposed() -> set[str]:
    """The names that /metrics shows."""
    metrics = Metrics(CollectorRegistry())
    metrics.registry.register(StateCollector(FakeAssistant().sources))
    ProcessCollector(registry=metrics.registry)
    families = list(metrics.registry.collect())
    return {family.name + suffix for family in families for suffix in SUFFIXES[family.type]}


def expressions(dashboard: Any) -> Iterator[str]:
    """What Prometheus is asked."""
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["query"]["query"].removeprefix("label_values(").removesuffix(", instance)")


def metrics_of(expression: str) -> set[str]:
    """The metrics that a PromQL expression asks for; raises ValueError where it is none."""
    for name, value in GRAFANA_FILLS_IN.items():
        expression = expression.replace(name, value)
    asked = set()

    def visit(part: promql_parser.Expr) -> None:
        if isinstance(part, promql_parser.VectorSelector) and part.name is not None:
            asked.add(part.name)

    promql_parser.walk(promql_parser.parse(expression), visit)
    return asked


def differences(written: Any, read: Any, place: str = "") -> Iterator[str]:
    """Where what was written differs from what was read of it; an empty list or None counts as left out."""
    if isinstance(written, dict) and isinstance(read, dict):
        for name, value in written.items():
            if name not in NOT_IN_ITS_TYPES:
                yield from differences(value, read.get(name), f"{place}.{name}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for number, (one, other) in enumerate(zip(written, read, strict=True)):
            yield from differences(one, other, f"{place}[{number}]")
    elif written != read and (written or read):
        yield f"{place}: {written!r} was read as {read!r}"


def test_grafana_s_own_types_know_all_that_stands_in_it(dashboard: Any) -> None:
    register_default_plugins()
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard)))
    assert not list(differences(dashboard, read))


def test_every_expression_is_promql_and_asks_for_what_is_exposed(dashboard: Any, exposed: set[str]) -> None:
    asked = {name for expression in expressions(dashboard) for name in metrics_of(expression)}
    assert len(asked) > 20
    assert asked <= exposed


def test_everything_that_is_counted_is_shown(dashboard: Any, exposed: set[str]) -> None:
    everything = " ".join(expressions(dashboard))
    ours = {re.sub("_(bucket|sum|count)$", "", name) for name in exposed if name.startswith("voice_assistant_")}
    assert not {name for name in ours if name not in everything}


def test_every_panel_has_a_title_a_source_and_something_to_show(dashboard: Any) -> None:
    for panel in dashboard["panels"]:
        assert panel["title"]
        if panel["type"] != "row":
            assert panel["datasource"] == {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}
            assert panel["targets"]
            references = [target["refId"] for target in panel["targets"]]
            assert len(set(references)) == len(references)


def test_the_source_of_the_data_is_chosen_in_grafana(dashboard: Any) -> None:
    (source,) = [each for each in dashboard["templating"]["list"] if each["type"] == "datasource"]
    assert (source["name"], source["query"]) == ("DS_PROMETHEUS", "prometheus")
    assert dashboard["id"] is None, "an id would be that of another dashboard where it is loaded"
    assert dashboard["schemaVersion"] >= 38


def test_panels_have_ids_of_their_own_and_places_that_do_not_overlap(dashboard: Any) -> None:
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) > 20
    for one, other in itertools.combinations((panel["gridPos"] for panel in panels), 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above, (one, other)
    assert all(place["x"] >= 0 and place["x"] + place["w"] <= 24 for place in (panel["gridPos"] for panel in panels))

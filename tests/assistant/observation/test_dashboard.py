"""The Grafana dashboard in docs/: it can be loaded, and asks for nothing that /metrics does not show."""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, ProcessCollector

from assistant.metrics import Metrics
from assistant.observation.collector import StateCollector
from tests.assistant.observation.looked_at import Assistant

DASHBOARD = Path(__file__).parents[3] / "docs" / "grafana-dashboard.json"
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
# What is left of an expression without its strings, selectors, ranges, groupings, functions and numbers: the metrics.
NO_METRICS = re.compile(r'"[^"]*"|\{[^}]*\}|\[[^]]*\]|\b\w+\s+(?:by|without)\s*\([^)]*\)|\b\w+\s*(?=\()|\b[\d.]+\b')


@pytest.fixture
def dashboard() -> Any:
    return json.loads(DASHBOARD.read_text(encoding="utf-8"))


@pytest.fixture
def exposed() -> set[str]:
    """The names that /metrics shows."""
    metrics = Metrics(CollectorRegistry())
    metrics.registry.register(StateCollector(Assistant().observed))
    ProcessCollector(registry=metrics.registry)
    families = list(metrics.registry.collect())
    return {family.name + suffix for family in families for suffix in SUFFIXES[family.type]}


def expressions(dashboard: Any) -> Iterator[str]:
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["query"]["query"].removesuffix(", instance)") + ")"


def test_every_expression_asks_for_what_is_exposed(dashboard: Any, exposed: set[str]) -> None:
    asked = {name for each in expressions(dashboard) for name in re.findall(r"[a-z_]\w*", NO_METRICS.sub(" ", each))}
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

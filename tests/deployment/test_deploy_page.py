"""docs/deploy.md: its examples say what its text says."""

import re
from pathlib import Path
from typing import Any

import yaml

from tests.support.environment_variables import VARIABLES

PAGE = Path(__file__).parents[2] / "docs" / "deploy.md"


def examples() -> list[Any]:
    """Its YAML, in order: Render, Compose, Kubernetes."""
    return [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)]


def test_the_compose_services_differ_in_their_shards_only_and_hold_each_once() -> None:
    first, second = (dict(service) for service in examples()[1]["services"].values())
    held = [dict(service.pop("environment")) for service in (first, second)]
    assert first == second
    assert [each.pop("SHARD_IDS") for each in held] == ["0-3", "4-7"]
    assert held[0] == held[1]
    assert held[0]["SHARD_COUNT"] == 8
    assert set(held[0]) <= set(VARIABLES)


def test_the_stateful_set_has_a_replica_for_every_share_of_the_shards_and_room_to_write() -> None:
    spec = examples()[2]["spec"]
    pod = spec["template"]["spec"]
    [container] = pod["containers"]
    variables = {each["name"]: each["value"] for each in container["env"]}
    assert spec["replicas"] == -(-int(variables["SHARD_COUNT"]) // int(variables["SHARDS_PER_PROCESS"]))
    assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
    assert variables.keys() <= {*VARIABLES, "PORT"}
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/app/data", "/tmp"}
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    assert pod["terminationGracePeriodSeconds"] >= 30


def test_the_stateful_set_gets_no_more_than_it_needs() -> None:
    pod = examples()[2]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"].keys() == {"memory", "ephemeral-storage"}
    assert all("sizeLimit" in volume["emptyDir"] for volume in pod["volumes"])


def test_how_render_waits_for_checks_is_told() -> None:
    assert "autoDeployTrigger: checksPass" in PAGE.read_text("utf-8")


def test_the_table_is_what_the_formulas_give() -> None:
    rows = {}
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| ") and line.count(" | ") == 3:
            name, *cells = (cell.strip() for cell in line.strip("|").split(" | "))
            rows[name] = cells
    for column, (servers, shards, processes) in enumerate([(100, 1, 1), (10_000, 10, 1), (1_000_000, 1008, 72)]):
        calls = servers / 100
        megabytes = processes * 140 + servers * 0.027 + calls * 0.8
        cores = processes * 0.03 + calls * (0.0008 + 0.009 / 3)
        for name, value, tolerance in (
            ("shards", shards, 0),
            ("calls at once", calls, 0),
            ("processes", processes, 0),
            ("memory, without hibari", megabytes, 0.02),
            ("memory, with hibari", megabytes + processes * 180, 0.02),
            ("CPU, cores", cores, 0.15),
            ("database, transactions a second", processes + calls * (7 / 30 + 7 / 1200), 0.05),
            ("database, connections at most", 5 * processes, 0),
            ("Discord's REST API, requests a second", calls / 30, 0.15),
        ):
            told = rows[name][column]
            number = float(told.split()[0].replace(",", "")) * (1000 if "GB" in told else 1)
            assert abs(number - value) <= tolerance * value, (name, servers, told, value)

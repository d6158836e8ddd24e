"""render.yaml, and the rules by which it is checked."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployment.blueprint import faults_in
from tests.support.environment_variables import VARIABLES

ROOT = Path(__file__).parents[2]


def blueprint() -> dict[str, Any]:
    """The Blueprint at the root."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "render.yaml").read_text("utf-8"))
    return loaded


def web_form() -> dict[str, Any]:
    """The Blueprint of a web service in docs/deploy.md."""
    text = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    [found] = re.findall(r"```yaml\n(services:\n  - type: web\n.*?)```", text, re.DOTALL)
    loaded: dict[str, Any] = yaml.safe_load(found)
    return loaded


def variables_of(service: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The environment variables of a service, by their names."""
    return {variable["key"]: variable for variable in service["envVars"]}


@pytest.mark.parametrize("form", [blueprint, web_form])
def test_render_would_take_the_blueprint(form: Any) -> None:
    assert faults_in(form()) == []


def test_the_bot_is_a_paid_worker_that_each_push_deploys() -> None:
    [service] = blueprint()["services"]
    assert service["type"] == "worker"
    assert service["plan"] != "free"
    assert service["autoDeployTrigger"] == "commit"
    assert "--require-hashes -r requirements.lock" in service["buildCommand"]
    assert service["startCommand"] == "python app.py"
    assert service["maxShutdownDelaySeconds"] >= 30


def test_the_web_form_differs_only_in_what_gives_it_a_health_url() -> None:
    [worker], [web] = blueprint()["services"], web_form()["services"]
    assert web["healthCheckPath"] == "/healthz"
    assert {**worker, "type": "web", "healthCheckPath": "/healthz"} == web
    assert blueprint()["databases"] == web_form()["databases"]


def test_every_variable_is_one_of_the_bot_and_secrets_are_asked_for() -> None:
    [service] = blueprint()["services"]
    variables = variables_of(service)
    assert variables.keys() - {"PYTHON_VERSION"} <= set(VARIABLES)
    assert variables["DISCORD_TOKEN"]["sync"] is False
    assert variables["AI_API_KEY"]["sync"] is False
    assert not [name for name, given in variables.items() if re.search("TOKEN|KEY|PASSWORD", name) and "value" in given]
    assert "fromDatabase" in variables["DATABASE_URL"]


SERVICE: dict[str, Any] = {
    "type": "web",
    "name": "bot",
    "runtime": "python",
    "plan": "starter",
    "buildCommand": "build",
    "startCommand": "start",
    "envVars": [],
}
"""A service with which nothing is wrong."""


def told(changes: dict[str, Any], without: str = "", **others: Any) -> str:
    """What is told of a Blueprint with this service, but for the changes, and the other parts."""
    service = {key: value for key, value in (deepcopy(SERVICE) | changes).items() if key != without}
    return "; ".join(faults_in({"services": [service], **others}))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"type": "bot"}, "type is none"),
        ({"typo": 1}, "typo is unknown"),
        ({"runtime": "cobol"}, "runtime is unknown"),
        ({"plan": "basic-256mb"}, "plan is none of a service"),
        ({"region": "mars"}, "region is unknown"),
        ({"autoDeployTrigger": "always"}, "autoDeployTrigger"),
        (yaml.safe_load("autoDeployTrigger: off"), "autoDeployTrigger"),
        ({"autoDeploy": True, "autoDeployTrigger": "commit"}, "has replaced"),
        ({"maxShutdownDelaySeconds": 0}, "not from 1 to 300"),
        ({"maxShutdownDelaySeconds": 301}, "not from 1 to 300"),
        ({"maxShutdownDelaySeconds": "60"}, "not from 1 to 300"),
        ({"maxShutdownDelaySeconds": True}, "not from 1 to 300"),
        ({"healthCheckPath": "healthz"}, "begin with /"),
        ({"numInstances": 0}, "numInstances"),
        ({"disk": {"name": "data"}}, "disk.mountPath is missing"),
        ({"disk": {"name": "data", "mountPath": "data"}}, "disk.mountPath does not begin"),
        ({"disk": {"name": "data", "mountPath": "/data", "sizeGB": 0}}, "disk.sizeGB"),
        ({"disk": {"name": "data", "mountPath": "/data", "size": 1}}, "disk.size is unknown"),
    ],
)
def test_a_wrong_field_is_told(changes: dict[str, Any], fault: str) -> None:
    assert fault in told(changes)


@pytest.mark.parametrize("field", ["type", "name", "runtime", "buildCommand", "startCommand"])
def test_a_missing_field_is_told(field: str) -> None:
    assert f"{field} is missing" in told({}, without=field)


DISK = {"name": "data", "mountPath": "/app/data"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"type": "worker", "plan": "free"}, "only web services have a free plan"),
        ({"type": "pserv", "plan": "free"}, "only web services have a free plan"),
        ({"plan": "free", "maxShutdownDelaySeconds": 60}, "maxShutdownDelaySeconds needs a paid plan"),
        ({"plan": "free", "disk": DISK}, "disk needs a paid plan"),
        ({"plan": "free", "numInstances": 2}, "several instances need a paid plan"),
        ({"plan": "free", "preDeployCommand": "true"}, "preDeployCommand needs a paid plan"),
        ({"disk": DISK, "maxShutdownDelaySeconds": 60}, "refused beside a disk"),
        ({"disk": DISK, "numInstances": 2}, "a disk belongs to one instance"),
        ({"disk": DISK, "scaling": {"minInstances": 1}}, "a disk belongs to one instance"),
        ({"scaling": {"minInstances": 1}, "numInstances": 2}, "no effect beside scaling"),
        ({"type": "worker", "healthCheckPath": "/healthz"}, "healthCheckPath is for web services"),
        ({"type": "worker", "domains": ["example.org"]}, "domains is for web services"),
    ],
)
def test_a_gated_combination_is_told(changes: dict[str, Any], fault: str) -> None:
    assert fault in told(changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"plan": "free"},
        {"disk": DISK},
        {"type": "worker", "maxShutdownDelaySeconds": 300, "numInstances": 3},
        {"healthCheckPath": "/healthz", "autoDeployTrigger": "off"},
    ],
)
def test_a_right_service_is_taken(changes: dict[str, Any]) -> None:
    assert told(changes) == ""


DATABASE = {"name": "db", "plan": "basic-256mb", "region": "oregon"}
GROUP = {"name": "shared", "envVars": [{"key": "LOG_LEVEL", "value": "INFO"}]}


@pytest.mark.parametrize(
    ("variable", "fault"),
    [
        ({"key": "A"}, "exactly one of"),
        ({"value": "a"}, "exactly one of"),
        ({"key": "A", "value": "a", "sync": False}, "exactly one of"),
        ({"key": "A", "value": True}, "no text and no number"),
        ({"key": "A", "sync": True}, "has no value"),
        ({"key": "PYTHON_VERSION", "value": 3.13}, "not a full version"),
        ({"key": "PYTHON_VERSION", "value": "3.13"}, "not a full version"),
        ({"key": "A", "fromDatabase": {"name": "other", "property": "host"}}, "there is no database other"),
        ({"key": "A", "fromDatabase": {"name": "db", "property": "url"}}, "no property url"),
        ({"key": "A", "fromService": {"name": "other", "type": "web", "property": "host"}}, "no such service other"),
        ({"fromGroup": "other"}, "there is no group other"),
    ],
)
def test_a_wrong_variable_is_told(variable: dict[str, Any], fault: str) -> None:
    assert fault in told({"envVars": [variable]}, databases=[DATABASE], envVarGroups=[GROUP])


@pytest.mark.parametrize(
    "variable",
    [
        {"key": "A", "value": 5},
        {"key": "A", "sync": False},
        {"key": "A", "generateValue": True},
        {"key": "PYTHON_VERSION", "value": "3.13.9"},
        {"key": "A", "fromDatabase": {"name": "db", "property": "connectionString"}},
        {"key": "A", "fromService": {"name": "bot", "type": "web", "property": "hostport"}},
        {"fromGroup": "shared"},
    ],
)
def test_a_right_variable_is_taken(variable: dict[str, Any]) -> None:
    assert told({"envVars": [variable]}, databases=[DATABASE], envVarGroups=[GROUP]) == ""


def test_a_variable_given_twice_is_told() -> None:
    assert "A is given twice" in told({"envVars": [{"key": "A", "value": "1"}, {"key": "A", "value": "2"}]})


def test_a_secret_that_is_asked_for_in_a_group_is_told() -> None:
    group = {"name": "shared", "envVars": [{"key": "DISCORD_TOKEN", "sync": False}]}
    assert "may only have a value" in told({}, envVarGroups=[group])


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"plan": "starter"}, "plan is none of a database"),
        ({"region": "mars"}, "region is unknown"),
        ({"diskSizeGB": 7}, "multiple of 5"),
        ({"name": ""}, "name is missing"),
        ({"disk": {}}, "disk is unknown"),
    ],
)
def test_a_wrong_database_is_told(changes: dict[str, Any], fault: str) -> None:
    assert fault in told({}, databases=[DATABASE | changes])


def test_a_database_in_another_region_than_its_service_is_told() -> None:
    variable = {"key": "A", "fromDatabase": {"name": "db", "property": "connectionString"}}
    fault = told({"envVars": [variable]}, databases=[DATABASE | {"region": "ohio"}])
    assert "another region" in fault


def test_two_of_a_name_and_unknown_parts_are_told() -> None:
    faults = "; ".join(faults_in({"services": [SERVICE, SERVICE], "service": []}))
    assert "bot is named twice in services" in faults
    assert "service is unknown" in faults

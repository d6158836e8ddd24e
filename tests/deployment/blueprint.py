"""Render's rules for a Blueprint: https://render.com/docs/blueprint-spec, and the schema it links to.

The schema knows forms only. The rules between fields, which Render tells when a Blueprint is applied, stand in its
pages on plans, disks, deploys and databases. What the bot has no use for is left out: static sites, cron jobs,
key-value stores, projects and previews are told as unknown.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

REGIONS: Final = {"oregon", "ohio", "frankfurt", "singapore", "virginia"}
TRIGGERS: Final = {"off", "commit", "checksPass"}
"""Values of autoDeployTrigger. Without quotes YAML reads `off` as false, which is none."""
SERVICE_PLANS: Final = {"free", "starter", "standard", "pro", "pro plus", "pro max", "pro ultra"}
DATABASE_PLAN: Final = re.compile(r"free|basic-(256mb|1gb|4gb)|(pro|accelerated)-\d+gb")
NATIVE: Final = {"elixir", "go", "node", "python", "ruby", "rust"}
"""Runtimes in which Render builds and starts by commands, and not by a Dockerfile or an image."""
DATABASE_PROPERTIES: Final = {
    "connectionString", "connectionPoolString", "host", "port", "user", "password", "database",
}  # fmt: skip

_ROOT: Final = {"services", "databases", "envVarGroups"}
_SERVICE: Final = {
    "type", "name", "runtime", "plan", "region", "repo", "branch", "rootDir", "buildCommand", "startCommand",
    "preDeployCommand", "dockerCommand", "dockerContext", "dockerfilePath", "image", "numInstances", "scaling",
    "autoDeploy", "autoDeployTrigger", "maxShutdownDelaySeconds", "healthCheckPath", "disk", "envVars", "buildFilter",
    "domains", "ipAllowList",
}  # fmt: skip
_WEB_ONLY: Final = {"healthCheckPath", "domains", "ipAllowList"}
_DATABASE: Final = {
    "name", "databaseName", "user", "region", "plan", "diskSizeGB", "storageAutoscalingEnabled", "connectionPool",
    "postgresMajorVersion", "highAvailability", "ipAllowList", "readReplicas",
}  # fmt: skip
_SOURCES: Final = {"value", "generateValue", "sync", "fromDatabase", "fromService"}
"""Where the value of a variable may come from: one of these."""


def faults_in(blueprint: Mapping[str, Any]) -> list[str]:
    """Everything for which Render would refuse this Blueprint, or run something else than what it says."""
    return list(_faults_in(blueprint))


def _faults_in(blueprint: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{key} is unknown" for key in blueprint.keys() - _ROOT)
    for kind in ("services", "databases", "envVarGroups"):
        names = [each.get("name") for each in blueprint.get(kind, [])]
        yield from (f"{name} is named twice in {kind}" for name in set(names) if names.count(name) > 1)
    for service in blueprint.get("services", []):
        for fault in (*_service(service), *_gates(service), *_variables(service.get("envVars", []))):
            yield f"{service.get('name')}: {fault}"
        for fault in _references(service, blueprint):
            yield f"{service.get('name')}: {fault}"
    for database in blueprint.get("databases", []):
        yield from (f"{database.get('name')}: {fault}" for fault in _database(database))
    for group in blueprint.get("envVarGroups", []):
        yield from (f"{group.get('name')}: {fault}" for fault in _group(group))


def _service(service: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a service's fields, each taken for itself."""
    yield from (f"{key} is unknown" for key in service.keys() - _SERVICE)
    yield from (f"{key} is missing" for key in ("type", "name", "runtime") if not service.get(key))
    if service.get("type") not in ("web", "worker", "pserv"):
        yield "type is none of web, worker and pserv"
    if service.get("runtime") in NATIVE:
        yield from (f"{key} is missing" for key in ("buildCommand", "startCommand") if not service.get(key))
    elif service.get("runtime") not in ("docker", "image"):
        yield "runtime is unknown"
    if service.get("plan", "starter") not in SERVICE_PLANS:
        yield "plan is none of a service"
    if service.get("region", "oregon") not in REGIONS:
        yield "region is unknown"
    if "autoDeployTrigger" in service and service["autoDeployTrigger"] not in TRIGGERS:
        yield "autoDeployTrigger is none of commit, checksPass and 'off'"
    if "maxShutdownDelaySeconds" in service and not _is_whole(service["maxShutdownDelaySeconds"], 1, 300):
        yield "maxShutdownDelaySeconds is not from 1 to 300"
    if "numInstances" in service and not _is_whole(service["numInstances"], 1, 100):
        yield "numInstances is not from 1 to 100"
    if not str(service.get("healthCheckPath", "/")).startswith("/"):
        yield "healthCheckPath does not begin with /"
    if "disk" in service:
        yield from _disk(service["disk"])


def _gates(service: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with fields taken together."""
    is_free = service.get("plan") == "free"
    has_many = service.get("numInstances", 1) != 1 or "scaling" in service
    if is_free and service.get("type") != "web":
        yield "only web services have a free plan"
    if is_free:
        gated = {"maxShutdownDelaySeconds", "disk", "preDeployCommand", "scaling"} & service.keys()
        yield from (f"{key} needs a paid plan" for key in sorted(gated))
    if is_free and has_many:
        yield "several instances need a paid plan"
    if "disk" in service and "maxShutdownDelaySeconds" in service:
        yield "maxShutdownDelaySeconds is refused beside a disk"
    if "disk" in service and has_many:
        yield "a disk belongs to one instance"
    if service.get("type") != "web":
        yield from (f"{key} is for web services" for key in sorted(_WEB_ONLY & service.keys()))
    if "autoDeploy" in service and "autoDeployTrigger" in service:
        yield "autoDeployTrigger has replaced autoDeploy"
    if "numInstances" in service and "scaling" in service:
        yield "numInstances has no effect beside scaling"


def _disk(disk: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"disk.{key} is missing" for key in ("name", "mountPath") if not disk.get(key))
    yield from (f"disk.{key} is unknown" for key in disk.keys() - {"name", "mountPath", "sizeGB"})
    if not str(disk.get("mountPath", "/")).startswith("/"):
        yield "disk.mountPath does not begin with /"
    if not _is_whole(disk.get("sizeGB", 10), 1, 65_536):
        yield "disk.sizeGB is less than 1"


def _variables(variables: list[Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with a list of environment variables."""
    keys = [variable["key"] for variable in variables if "key" in variable]
    yield from (f"{key} is given twice" for key in set(keys) if keys.count(key) > 1)
    for variable in variables:
        if variable.keys() == {"fromGroup"}:
            continue
        key, sources = variable.get("key"), variable.keys() & _SOURCES
        if not key or len(sources) != 1 or variable.keys() - _SOURCES - {"key"}:
            yield f"{key} needs a key and exactly one of {', '.join(sorted(_SOURCES))}"
        elif "value" in sources and (isinstance(variable["value"], bool) or not variable["value"]):
            yield f"{key} has no text and no number for its value"
        elif variable.get("sync") is True:
            yield f"{key} has no value"
        elif key == "PYTHON_VERSION" and not re.fullmatch(r"3\.\d+\.\d+", str(variable.get("value"))):
            yield "PYTHON_VERSION is not a full version"


def _references(service: Mapping[str, Any], blueprint: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with what a service's variables point to."""
    databases = {each.get("name"): each for each in blueprint.get("databases", [])}
    services = {each.get("name"): each for each in blueprint.get("services", [])}
    groups = {each.get("name") for each in blueprint.get("envVarGroups", [])}
    for variable in service.get("envVars", []):
        source = variable.get("fromDatabase") or variable.get("fromService") or {}
        name = variable.get("fromGroup") or source.get("name")
        if "fromGroup" in variable and name not in groups:
            yield f"there is no group {name}"
        if "fromService" in variable and source.get("type") != services.get(name, {}).get("type", ""):
            yield f"there is no such service {name}"
        if "fromDatabase" in variable:
            if name not in databases:
                yield f"there is no database {name}"
            elif databases[name].get("region", "oregon") != service.get("region", "oregon"):
                yield f"the database {name} is in another region, where its address is unknown"
            if source.get("property") not in DATABASE_PROPERTIES:
                yield f"a database has no property {source.get('property')}"


def _database(database: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{key} is unknown" for key in database.keys() - _DATABASE)
    if not database.get("name"):
        yield "name is missing"
    if not DATABASE_PLAN.fullmatch(str(database.get("plan", "basic-256mb"))):
        yield "plan is none of a database"
    if database.get("region", "oregon") not in REGIONS:
        yield "region is unknown"
    size = database.get("diskSizeGB", 1)
    if not _is_whole(size, 1, 65_536) or (size != 1 and size % 5):
        yield "diskSizeGB is neither 1 nor a multiple of 5"


def _group(group: Mapping[str, Any]) -> Iterator[str]:
    if not group.get("name"):
        yield "name is missing"
    yield from _variables(group.get("envVars", []))
    for variable in group.get("envVars", []):
        if not variable.keys() <= {"key", "value", "generateValue"}:
            yield f"{variable.get('key')} may only have a value or generateValue in a group"


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

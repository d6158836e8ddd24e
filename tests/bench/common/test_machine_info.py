import datetime
import os
import platform
import sys
import sysconfig

import pytest

from bench.common import machine_info as module
from bench.common.machine_info import cpu_model_in, machine_info


def test_it_is_one_line_with_python_cores_date_and_packages() -> None:
    line = machine_info()
    today = datetime.datetime.now().astimezone().date()
    assert "\n" not in line
    assert f"{platform.python_implementation()} {platform.python_version()} (" in line
    assert f"{os.cpu_count()} cores" in line
    assert any(day.isoformat() in line for day in (today, today - datetime.timedelta(days=1)))
    assert "py-cord 2" in line


@pytest.mark.parametrize(
    ("disabled", "is_on", "said"),
    [
        (None, True, "with GIL"),
        (0, True, "with GIL"),
        (1, True, "free-threaded build, GIL on"),
        (1, False, "free-threaded"),
    ],
)
def test_it_says_whether_python_is_free_threaded(
    disabled: int | None, is_on: bool, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sysconfig, "get_config_var", {"Py_GIL_DISABLED": disabled}.get)
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: is_on, raising=False)
    assert f"({said})" in machine_info()


def test_the_cpu_is_named_once_for_all_its_cores() -> None:
    lines = ["processor\t: 0", "model name\t: Fast CPU: 9000", "", "processor\t: 1", "model name\t: Fast CPU: 9000"]
    assert cpu_model_in(lines) == "Fast CPU: 9000"
    assert cpu_model_in(["processor\t: 0", "BogoMIPS\t: 50.00"]) is None


def test_a_missing_package_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PACKAGES", ("no-such-package",))
    assert machine_info().endswith("no-such-package (not installed)")

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

from bench.common.machine_info import machine_info
from bench.common.measurement import read_measurement, write_measurement


def test_figures_come_back_with_machine_and_time(tmp_path: Path) -> None:
    before = datetime.datetime.now().astimezone().replace(microsecond=0)
    write_measurement(tmp_path / "figures.json", [{"calls": 3, "p99": 0.02}])
    read = read_measurement(tmp_path / "figures.json")
    assert read.figures == [{"calls": 3, "p99": 0.02}]
    assert read.machine == machine_info()
    assert before <= datetime.datetime.fromisoformat(read.date) <= datetime.datetime.now().astimezone()


def test_the_command_can_be_typed_again(tmp_path: Path) -> None:
    path = tmp_path / "with a blank.json"
    program = "import sys, pathlib; from bench.common.measurement import write_measurement as write; "
    program += "write(pathlib.Path(sys.argv[1]), [])"
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)
    assert read_measurement(path).command.endswith(f" '{path}'")
    assert read_measurement(path).command.startswith("python -c ")


def test_a_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_measurement(tmp_path / "none.json")

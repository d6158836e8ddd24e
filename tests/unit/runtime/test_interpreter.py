import subprocess
import sys

import pytest

PROGRAM = """
import resource
from assistant.runtime.interpreter import prepare_interpreter
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
prepare_interpreter()
print(resource.getrlimit(resource.RLIMIT_NOFILE) == (min(hard, 65_536), hard))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit it otherwise")
def test_as_many_files_may_be_open_as_the_system_allows() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert ran.stdout == "True\n", ran.stderr

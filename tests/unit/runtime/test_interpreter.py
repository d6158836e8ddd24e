import platform
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

MALLOC_PROGRAM = """
import ctypes
from assistant.runtime.interpreter import prepare_interpreter
prepare_interpreter()

class Usage(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena free fast maps mapped u0 u1 used unused top".split()]

def mapped():
    usage = ctypes.CDLL(None).mallinfo2
    usage.restype = Usage
    return usage().mapped

before = mapped()
large = [bytearray(50_000) for _ in range(100)]  # the first ones may fit into what is free
with_large = mapped()
del large
print(with_large - before > 2_500_000, mapped() == before)
"""

TLS_PROGRAM = """
import asyncio, ssl
from asyncio.sslproto import SSLProtocol
from assistant.runtime.interpreter import prepare_interpreter

async def main():
    loop = asyncio.get_running_loop()
    connection = SSLProtocol(loop, asyncio.Protocol(), ssl.create_default_context(), loop.create_future())
    print(len(connection.get_buffer(-1)))

prepare_interpreter()
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit it otherwise")
def test_as_many_files_may_be_open_as_the_system_allows() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert ran.stdout == "True\n", ran.stderr


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told so")
def test_large_memory_is_given_back_at_once() -> None:
    ran = subprocess.run([sys.executable, "-c", MALLOC_PROGRAM], capture_output=True, text=True, check=False)
    assert ran.stdout == "True True\n", ran.stderr


def test_a_tls_connection_takes_little_more_than_a_record() -> None:
    ran = subprocess.run([sys.executable, "-c", TLS_PROGRAM], capture_output=True, text=True, check=False)
    assert ran.stdout, ran.stderr
    assert 16_384 < int(ran.stdout) <= 32_768

"""Whether a check finds out that a datagram can leave."""

import socket
import sys
from contextlib import closing

import pytest

from assistant.doctor.finding import Verdict
from assistant.doctor.udp import udp_finding


async def test_a_datagram_that_leaves_proves_nothing_about_answers() -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5)
        finding = await udp_finding(f"http://127.0.0.1:{receiver.getsockname()[1]}/api/v10")
        assert len(receiver.recv(100)) == 1
    assert finding.verdict is Verdict.UNKNOWN
    assert "can be sent" in finding.detail


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse it elsewhere")
async def test_a_datagram_that_may_not_leave_fails() -> None:
    finding = await udp_finding("http://255.255.255.255:443/api/v10")  # sockets need a special right for this one
    assert finding.verdict is Verdict.FAILED
    assert "Allow outgoing UDP" in finding.advice


async def test_without_an_address_nothing_is_known() -> None:
    finding = await udp_finding("http://nobody.invalid/api/v10")
    assert finding.verdict is Verdict.UNKNOWN
    assert "no address" in finding.detail

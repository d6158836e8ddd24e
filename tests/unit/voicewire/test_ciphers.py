import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.voice.rtp import AES, XCHACHA, RtpPacket, TransportCipher
from voicewire.ciphers import CIPHERS, choose_mode
from voicewire.rtp import build_header

KEY = bytes(range(32))
MODES = pytest.mark.parametrize("mode", [AES, XCHACHA])


@MODES
@given(payload=st.binary(max_size=1200))
def test_both_halves_of_the_wire_agree(mode: str, payload: bytes) -> None:
    ours, theirs = CIPHERS[mode](KEY), TransportCipher(KEY, mode)
    header = build_header(7, 6720, 42)
    assert theirs.decrypt(header + ours.seal(header, payload)).payload == payload
    datagram = theirs.encrypt(RtpPacket(7, 6720, 42, payload))
    assert ours.open(datagram[:12], datagram[12:]) == payload


@MODES
@given(sealed=st.binary(max_size=60))
def test_garbage_does_not_open(mode: str, sealed: bytes) -> None:
    assert CIPHERS[mode](KEY).open(build_header(1, 2, 3), sealed) is None


@MODES
def test_a_packet_opens_only_with_its_own_header_and_key(mode: str) -> None:
    cipher, header = CIPHERS[mode](KEY), build_header(7, 6720, 42)
    sealed = cipher.seal(header, b"opus")
    assert cipher.open(build_header(8, 6720, 42), sealed) is None
    assert CIPHERS[mode](bytes(32)).open(header, sealed) is None


@MODES
def test_no_nonce_is_used_twice(mode: str) -> None:
    cipher = CIPHERS[mode](KEY)
    header = build_header(7, 6720, 42)
    assert len({cipher.seal(header, b"opus")[-4:] for _ in range(1000)}) == 1000


@MODES
def test_when_all_nonces_are_used_nothing_is_sealed(mode: str) -> None:
    cipher = CIPHERS[mode](KEY)
    cipher._nonce._next = 0xFFFFFFFF
    header = build_header(7, 6720, 42)
    assert cipher.open(header, cipher.seal(header, b"last")) == b"last"
    with pytest.raises(OverflowError):
        cipher.seal(header, b"one more")


@pytest.mark.parametrize(
    ("offered", "mode"),
    [
        ([XCHACHA, AES], AES),
        (["xsalsa20_poly1305_lite_rtpsize", XCHACHA], XCHACHA),
        (["xsalsa20_poly1305"], None),
        ([], None),
        ([None, 7, {}], None),
    ],
)
def test_aes_is_preferred_where_it_is_offered(offered: list[object], mode: str | None) -> None:
    assert choose_mode(offered) == mode

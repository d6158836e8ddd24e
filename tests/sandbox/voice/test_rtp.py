import struct

import nacl.secret
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.voice.packet_writer import PacketWriter
from sandbox.voice.rtcp import SenderReport
from sandbox.voice.rtp import MODES, SILENCE, RtpPacket, TransportCipher, TransportError, read_ssrc

PACKET = RtpPacket(sequence=7, timestamp=6720, ssrc=42, payload=b"opus")


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF), st.binary(max_size=1200))
def test_what_is_encrypted_is_decrypted(sequence: int, timestamp: int, ssrc: int, payload: bytes) -> None:
    cipher = TransportCipher()
    packet = RtpPacket(sequence, timestamp, ssrc, payload)
    datagram = cipher.encrypt(packet)
    assert read_ssrc(datagram) == ssrc
    assert cipher.decrypt(datagram) == packet


def test_no_nonce_is_used_twice() -> None:
    cipher = TransportCipher()
    assert len({cipher.encrypt(PACKET)[-4:] for _ in range(100)}) == 100


def test_a_packet_under_another_key_does_not_open() -> None:
    with pytest.raises(TransportError, match="does not open"):
        TransportCipher().decrypt(TransportCipher().encrypt(PACKET))


@given(st.binary(max_size=100))
def test_garbage_is_refused(garbage: bytes) -> None:
    with pytest.raises(TransportError):
        TransportCipher().decrypt(garbage)


def test_a_header_extension_is_authenticated_and_left_out_of_the_payload() -> None:
    cipher = TransportCipher()
    header = struct.pack(">BBHII", 0x90, 0x78, 1, 960, 42) + b"\xbe\xde\0\1"
    nonce = bytes(4)
    sealed = nacl.secret.Aead(cipher.key).encrypt(b"\x10\0\0\0opus", header, nonce.ljust(24, b"\0"))
    packet = cipher.decrypt(header + sealed.ciphertext + nonce)
    assert packet.payload == b"opus"


@given(
    st.sampled_from(MODES),
    st.binary(max_size=300),
    st.integers(0, 10).map(lambda words: bytes(range(4 * words))),
    st.integers(0, 255),
)
def test_extension_and_padding_are_taken_off_again(mode: str, payload: bytes, extension: bytes, padding: int) -> None:
    cipher = TransportCipher(mode=mode)
    packet = RtpPacket(7, 6720, 42, payload, extension, padding)
    assert cipher.decrypt(cipher.encrypt(packet)) == packet


def test_padding_that_counts_more_than_there_is_is_refused() -> None:
    cipher = TransportCipher()
    header = struct.pack(">BBHII", 0xA0, 0x78, 1, 960, 42)
    nonce = bytes(4)
    sealed = nacl.secret.Aead(cipher.key).encrypt(b"opus\x09", header, nonce.ljust(24, b"\0"))
    with pytest.raises(TransportError, match="padding"):
        cipher.decrypt(header + sealed.ciphertext + nonce)


def test_members_send_what_discords_clients_send() -> None:
    writer = PacketWriter(42)
    packets = [writer.next(b"opus") for _ in range(140)]
    assert all(packet.extension for packet in packets)
    padded = [packet for packet in packets if packet.padding]
    assert 0.03 <= len(padded) / len(packets) <= 0.15
    assert len({packet.padding for packet in padded}) > 5


def test_members_begin_to_count_anywhere_and_silence_frames_and_bots_have_no_extension() -> None:
    writers = [PacketWriter(42, seed=1), PacketWriter(42, seed=2), PacketWriter(43, seed=1, is_bot=True)]
    first = [writer.next(b"opus") for writer in writers]
    assert len({packet.sequence for packet in first}) == len({packet.timestamp for packet in first}) == 3
    assert [bool(packet.extension) for packet in first] == [True, True, False]
    assert writers[0].next(SILENCE).extension == b""
    assert not any(writers[2].next(b"opus").padding for _ in range(50))


def test_a_report_opens_with_the_header_that_rtcp_has() -> None:
    key = bytes(range(32))
    report = SenderReport(42, 1_000_000_000.5, (1 << 32) + 7, 3, 600).pack()
    assert report[:8] == bytes.fromhex("80c80006 0000002a")
    assert struct.unpack(">IIIII", report[8:]) == (1_000_000_000 + 2_208_988_800, 1 << 31, 7, 3, 600)
    datagram = TransportCipher(key).encrypt_report(report)
    opened = nacl.secret.Aead(key).decrypt(datagram[8:-4], datagram[:8], datagram[-4:].ljust(24, b"\0"))
    assert datagram[:8] + opened == report

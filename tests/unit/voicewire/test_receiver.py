import struct
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.voice.rtp import AES, XCHACHA, RtpPacket, TransportCipher
from tests.unit.voicewire.fake_opener import FakeOpener
from voicewire.ciphers import CIPHERS
from voicewire.listener import VoicePacket
from voicewire.receiver import Receiver
from voicewire.rtp import SILENCE, Refusal

ADA, BEN, EVE = 101, 102, 103
KEY = bytes(range(32))


class Hearing:
    """A listener who wants some members, and may fail."""

    def __init__(self, *wanted: int) -> None:
        self.wanted = set(wanted)
        self.packets: list[VoicePacket] = []
        self.fails = False

    def wants(self, user_id: int) -> bool:
        if self.fails:
            raise RuntimeError("no")
        return user_id in self.wanted

    def hear(self, packet: VoicePacket) -> None:
        if self.fails:
            raise RuntimeError("no")
        self.packets.append(packet)

    @property
    def heard(self) -> list[tuple[int, bytes | None]]:
        return [(packet.user_id, packet.opus) for packet in self.packets]


class Scene:
    """A receiver, the other end of its wire, and a clock."""

    def __init__(self, opener: FakeOpener, *wanted: int, mode: str = XCHACHA) -> None:
        self.time = 100.0
        self.opener = opener
        self.hearing = Hearing(*wanted)
        self.cipher = TransportCipher(KEY, mode)
        self.receiver = Receiver(opener, lambda: self.time)
        self.receiver.listener = self.hearing
        self.receiver.cipher = CIPHERS[mode](KEY)
        self.sequence = 0

    def send(
        self, ssrc: int, payload: bytes, sequence: int | None = None, *, extension: bytes = b"", padding: int = 0
    ) -> bytes:
        self.sequence = self.sequence + 1 if sequence is None else sequence
        packet = RtpPacket(self.sequence, self.sequence * 960, ssrc, payload, extension, padding)
        datagram = self.cipher.encrypt(packet)
        self.receiver.take(datagram)
        return datagram

    def say(self, ssrc: int, user_id: int, words: Iterable[bytes]) -> None:
        for word in words:
            self.send(ssrc, self.opener.seal(user_id, word))


@pytest.mark.parametrize("mode", [AES, XCHACHA])
@pytest.mark.parametrize("extension", [b"", b"\x10\xff\0\0", bytes(40)])
@pytest.mark.parametrize("padding", [0, 1, 3, 255])
def test_a_frame_arrives_whatever_is_wrapped_around_it(mode: str, extension: bytes, padding: int) -> None:
    scene = Scene(FakeOpener(ADA), ADA, mode=mode)
    scene.receiver.assign(7, ADA)
    scene.send(7, scene.opener.seal(ADA, b"hello"), extension=extension, padding=padding)
    assert scene.hearing.packets == [VoicePacket(ADA, 7, 1, 960, b"hello")]


def test_nobody_is_opened_without_a_listener() -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    scene.receiver.listener = None
    scene.receiver.assign(7, ADA)
    scene.say(7, ADA, [b"hello"])
    assert (scene.opener.tried, scene.receiver.counters[ADA].received) == ([], 0)


def test_members_who_are_not_wanted_are_dropped_unopened() -> None:
    scene = Scene(FakeOpener(ADA, BEN), BEN)
    scene.receiver.assign(7, ADA)
    scene.say(7, ADA, [b"private"] * 3)
    assert scene.opener.tried == []
    assert scene.receiver.counters[ADA].ignored == 3


def test_of_unknown_streams_only_wanted_members_keys_are_tried() -> None:
    scene = Scene(FakeOpener(ADA, BEN, EVE), BEN)
    scene.say(7, ADA, [b"private"] * 3)
    scene.receiver.assign(7, ADA)
    assert set(scene.opener.tried) == {BEN}
    assert scene.hearing.packets == []


def test_whoever_takes_their_consent_back_is_not_opened_any_more() -> None:
    scene = Scene(FakeOpener(), ADA)
    scene.receiver.assign(7, ADA)
    scene.say(7, ADA, [b"held"])
    scene.hearing.wanted.clear()
    scene.opener.members.add(ADA)
    scene.opener.tried.clear()
    scene.receiver.keys_changed()
    assert (scene.opener.tried, scene.hearing.packets) == ([], [])
    assert scene.receiver.counters[ADA].ignored == 1


@pytest.mark.parametrize("leaves", [True, False])
def test_whoever_takes_their_consent_back_is_not_concealed_either(leaves: bool) -> None:
    scene = Scene(FakeOpener(), ADA)
    scene.receiver.assign(7, ADA)
    scene.say(7, ADA, [b"held"])
    scene.hearing.wanted.clear()
    if leaves:
        scene.receiver.forget(ADA)
    scene.time += 1.1
    scene.receiver.expire()
    counters = scene.receiver.counters[ADA]
    assert (scene.hearing.packets, counters.ignored, counters.undecryptable) == ([], 1, 0)


def test_a_stream_is_attributed_by_the_key_that_opens_it() -> None:
    scene = Scene(FakeOpener(ADA, BEN), ADA, BEN)
    scene.say(7, BEN, [b"one", b"two"])
    scene.say(8, ADA, [b"three"])
    assert scene.hearing.heard == [(BEN, b"one"), (BEN, b"two"), (ADA, b"three")]


def test_silence_tells_nothing_about_who_is_silent() -> None:
    scene = Scene(FakeOpener(ADA, BEN), ADA, BEN)
    scene.send(7, SILENCE)
    assert scene.opener.tried == []
    scene.say(7, BEN, [b"one"])
    assert scene.hearing.heard == [(BEN, SILENCE), (BEN, b"one")]


def test_packets_that_overtake_op_5_wait_for_it() -> None:
    scene = Scene(FakeOpener(version=0), ADA)
    for word in (b"one", b"two"):
        scene.send(7, word)
    assert scene.hearing.packets == []
    scene.receiver.assign(7, ADA)
    assert scene.hearing.heard == [(ADA, b"one"), (ADA, b"two")]
    assert scene.receiver.counters[ADA].received == 2


def test_packets_that_come_before_their_key_wait_for_it() -> None:
    scene = Scene(FakeOpener(), ADA)
    scene.receiver.assign(7, ADA)
    scene.say(7, ADA, [b"one", b"two"])
    scene.opener.members.add(ADA)
    scene.receiver.keys_changed()
    assert scene.hearing.heard == [(ADA, b"one"), (ADA, b"two")]
    assert scene.receiver.counters[ADA].undecryptable == 0


def test_what_does_not_open_in_a_second_is_to_be_concealed() -> None:
    scene = Scene(FakeOpener(), ADA)
    scene.receiver.assign(7, ADA)
    scene.say(7, ADA, [b"one"])
    scene.time += 0.9
    scene.receiver.expire()
    assert scene.hearing.packets == []
    scene.time += 0.2
    scene.receiver.expire()
    assert scene.hearing.packets == [VoicePacket(ADA, 7, 1, 960, None)]
    assert scene.receiver.counters[ADA].undecryptable == 1


def test_what_belongs_to_nobody_is_given_up_after_a_second() -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    scene.say(7, EVE, [b"one"])
    scene.time += 1.1
    scene.receiver.expire()
    assert (scene.receiver.unattributed, scene.hearing.packets) == (1, [])


def test_plain_frames_in_an_encrypted_call_are_never_given_out() -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    scene.receiver.assign(7, ADA)
    scene.send(7, b"injected")
    scene.time += 1.1
    scene.receiver.expire()
    assert scene.hearing.heard == [(ADA, None)]


def test_a_stream_that_is_given_to_somebody_else_is_theirs() -> None:
    scene = Scene(FakeOpener(ADA, BEN), ADA, BEN)
    scene.receiver.assign(7, ADA)
    scene.say(7, ADA, [b"one"])
    scene.receiver.forget(ADA)
    scene.say(7, BEN, [b"two"])
    assert scene.hearing.heard == [(ADA, b"one"), (BEN, b"two")]
    scene.receiver.assign(7, ADA)
    scene.say(7, ADA, [b"three"])
    assert scene.hearing.heard[-1] == (ADA, b"three")


def test_a_packet_that_comes_twice_is_given_out_once() -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    scene.receiver.assign(7, ADA)
    datagram = scene.send(7, scene.opener.seal(ADA, b"one"))
    scene.receiver.take(datagram)
    assert len(scene.hearing.packets) == 1
    assert scene.receiver.counters[ADA].repeated == 1


def test_gaps_are_counted_and_filled() -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    scene.receiver.assign(7, ADA)
    for sequence in (1, 2, 5, 3):
        scene.send(7, scene.opener.seal(ADA, b"x"), sequence)
    assert scene.receiver.counters[ADA].lost == 1
    assert [packet.sequence for packet in scene.hearing.packets] == [1, 2, 5, 3]


def test_packets_that_nobody_wanted_are_not_lost() -> None:
    scene = Scene(FakeOpener(ADA))
    scene.receiver.assign(7, ADA)
    scene.hearing.wanted = {ADA}
    scene.say(7, ADA, [b"one"])
    scene.hearing.wanted = set()
    scene.say(7, ADA, [b"private"] * 20)
    scene.hearing.wanted = {ADA}
    scene.say(7, ADA, [b"two"])
    assert scene.receiver.counters[ADA].lost == 0
    assert scene.hearing.heard == [(ADA, b"one"), (ADA, b"two")]


def test_a_listener_that_fails_makes_nobody_else_deaf() -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    scene.receiver.assign(7, ADA)
    scene.hearing.fails = True
    scene.say(7, ADA, [b"one"])
    scene.hearing.fails = False
    scene.say(7, ADA, [b"two"])
    assert scene.hearing.heard == [(ADA, b"two")]
    assert scene.receiver.listener_errors == 1


def test_forged_and_foreign_packets_are_counted_by_their_reason() -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    datagram = scene.send(7, scene.opener.seal(ADA, b"one"))
    scene.receiver.take(datagram[:-1] + b"\xff")
    scene.receiver.take(b"\x81\xc8" + bytes(60))
    scene.receiver.take(b"\x80\x65" + datagram[2:])
    scene.receiver.take(b"")
    assert dict(scene.receiver.refused) == {Refusal.FORGED: 1, Refusal.NOT_OPUS: 2, Refusal.NOT_RTP: 1}


def test_nothing_grows_under_streams_that_belong_to_nobody() -> None:
    scene = Scene(FakeOpener(), ADA)
    for number in range(5000):
        scene.send(number % 500, b"sealed")
    assert len(scene.receiver._held) <= 64 * 50
    scene.time += 2
    scene.receiver.expire()
    assert len(scene.receiver._held) == 0
    assert scene.receiver.unattributed == 5000


def test_a_member_with_ever_new_streams_takes_no_more_and_no_more_memory() -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    for ssrc in range(3000):
        scene.receiver.assign(ssrc, ADA)
    assert len(scene.receiver._streams._streams) <= 1024


@given(st.lists(st.binary(max_size=120) | st.tuples(st.integers(0, 70), st.integers(0, 255)), max_size=30))
def test_no_datagram_raises(changes: list[bytes | tuple[int, int]]) -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    good = scene.cipher.encrypt(RtpPacket(1, 2, 7, b"sealed 101 hello", b"\x10\0\0\0", 3))
    for change in changes:
        if isinstance(change, bytes):
            scene.receiver.take(change)
        else:
            index, value = change
            scene.receiver.take(good[:index] + bytes([value]) + good[index + 1 :])
    scene.receiver.take(good)
    assert (ADA, b"hello") in scene.hearing.heard


@given(st.integers(0, 255), st.binary(max_size=40))
def test_lengths_that_lie_inside_the_encryption_are_refused(first: int, inside: bytes) -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    scene.receiver.assign(7, ADA)
    header = struct.pack(">BBHII", 0x80 | first & 0x3F, 0x78, 1, 2, 7) + bytes(4 * (first & 0x0F))
    if first & 0x10:
        header += b"\xbe\xde\0\3"
    scene.receiver.take(header + CIPHERS[XCHACHA](KEY).seal(header, inside))
    assert all(opus is None or len(opus) <= len(inside) for _, opus in scene.hearing.heard)


def test_what_a_member_shares_is_not_listened_to_and_their_voice_is_again() -> None:
    scene = Scene(FakeOpener(ADA), ADA)
    scene.receiver.assign(7, ADA, is_shared_sound=True)
    scene.say(7, ADA, [b"game"])
    assert scene.hearing.packets == []
    scene.receiver.assign(7, ADA)
    scene.say(7, ADA, [b"voice"])
    assert scene.hearing.heard == [(ADA, b"voice")]

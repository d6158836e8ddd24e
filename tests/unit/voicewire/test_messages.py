import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicewire.messages import (
    GatewayMessage,
    MalformedMessage,
    identify,
    is_shared_sound,
    number,
    parse_binary,
    parse_text,
    resume,
    user_id,
)
from voicewire.voice_server import VoiceServer

SERVER = VoiceServer(user_id=900, server_id=11, channel_id=77, session_id="s", token="secret", endpoint="host:443")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["op", "d", "seq"]) | st.text(), inner),
    max_leaves=8,
)


@given(st.text() | JSON.map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        message = parse_text(text)
    except MalformedMessage:
        return
    assert isinstance(message.op, int)


def test_deeply_nested_text_is_refused() -> None:
    with pytest.raises(MalformedMessage):
        parse_text("[" * 100_000)


def test_a_message_has_op_data_and_number() -> None:
    assert parse_text('{"op": 5, "d": {"ssrc": 1}, "seq": 10}') == GatewayMessage(5, {"ssrc": 1}, 10)
    assert parse_text('{"op": 9}') == GatewayMessage(9, None, None)
    assert parse_binary(b"\x01\x02\x1drest") == GatewayMessage(29, b"rest", 258)


@pytest.mark.parametrize("text", ["", "1", "[]", "{}", '{"op": "5"}', '{"op": true}', '{"op": null}', '{"op": 1.5}'])
def test_text_without_an_op_is_refused(text: str) -> None:
    with pytest.raises(MalformedMessage):
        parse_text(text)


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\1"])
def test_a_short_binary_message_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_binary(data)


@pytest.mark.parametrize("value", [None, "1", -1, 1.0, True, 1 << 33])
def test_what_is_no_number_in_range_is_refused(value: object) -> None:
    with pytest.raises(MalformedMessage):
        number({"ssrc": value}, "ssrc")


@pytest.mark.parametrize("value", [None, "", "-1", "1.5", "²", True, "18446744073709551616", "9" * 5000, [], 1.0])
def test_what_is_no_user_id_is_refused(value: object) -> None:
    with pytest.raises(MalformedMessage):
        user_id(value)


def test_ids_are_strings_as_discord_wants_them() -> None:
    assert identify(SERVER)["server_id"] == "11"
    assert identify(SERVER)["max_dave_protocol_version"] == 1
    assert resume(SERVER, 10)["seq_ack"] == 10


def test_secrets_are_not_shown() -> None:
    assert "secret" not in repr(SERVER)
    assert SERVER.url == "wss://host:443/?v=8"


@pytest.mark.parametrize(
    ("speaking", "shared"),
    [(0, False), (1, False), (2, True), (3, False), (5, False), (6, True), ("2", False), (None, False)],
)
def test_shared_sound_is_told_from_a_voice_beside_it(speaking: object, shared: bool) -> None:
    assert is_shared_sound({"speaking": speaking, "ssrc": 1, "user_id": "2"}) is shared

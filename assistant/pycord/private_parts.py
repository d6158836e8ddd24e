"""Checks that py-cord still has the private parts that this package uses."""

import discord
from discord.voice.client import VoiceClient
from discord.voice.gateway import VoiceWebSocket
from discord.voice.state import VoiceConnectionState


def check_private_parts() -> None:
    """Look for every private part that is used here.

    Raises:
        ImportError: this py-cord lacks one of them.
    """
    expected: dict[type, tuple[str, ...]] = {
        VoiceClient: ("_remove_ssrc", "_get_voice_packet", "_recv_hook", "create_connection_state"),
        VoiceConnectionState: (
            "_connect_websocket",
            "_handshake_websocket",
            "_wait_for_state",
            "_poll_ws",
            "_potential_reconnect",
            "_wrap_connect",
            "_connect",
            "_inner_connect",
            "_voice_connect",
            "_voice_disconnect",
            "_inside_runner",
            "_update_voice_channel",
        ),
        discord.Client: ("_get_websocket",),
        discord.AutoShardedClient: ("_get_websocket",),
        VoiceWebSocket: ("poll_event", "get_ip", "received_message", "received_binary_message"),
    }
    missing = [
        f"{owner.__name__}.{name}" for owner, names in expected.items() for name in names if name not in vars(owner)
    ]
    if "_incr_nonce" not in VoiceClient.__init__.__code__.co_names:
        missing.append("VoiceClient()._incr_nonce")
    made = set(VoiceConnectionState.__init__.__code__.co_names)
    attributes = ("_socket_reader", "_runner", "_state_event", "dave_session", "dave_protocol_version")
    missing += [f"VoiceConnectionState().{name}" for name in attributes if name not in made]
    if missing:
        raise ImportError(
            f"py-cord {discord.__version__} is not the 2.8.1 this was written for: no {', '.join(missing)}"
        )

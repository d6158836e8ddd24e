"""The faults: each injection does one thing to a call or to the bot."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any, Final

from bench.faults.fault_test_bed import FaultTestBed
from sandbox.voice.voice_opcodes import VoiceOp

Injection = Callable[[FaultTestBed], Coroutine[Any, Any, None]]
"""Injects a fault into the call on a test bed."""

_SILENT_FRAME: Final = b"\xf8\xff\xfe"


async def nothing(_: FaultTestBed) -> None:
    """Do nothing."""


def closes(code: int) -> Injection:
    """The voice server closes the websocket with this code."""

    async def close(bed: FaultTestBed) -> None:
        await bed.discord.voice.faults.close(bed.lounge.id, code)

    return close


def refuses_with(code: int) -> Injection:
    """The same, and the voice server refuses every later identify with this code too."""

    async def refuse(bed: FaultTestBed) -> None:
        bed.discord.voice.faults.close_at_identify(code, times=1000)
        await closes(code)(bed)

    return refuse


async def abort(bed: FaultTestBed) -> None:
    """The voice websocket's TCP connection breaks without a close frame."""
    bed.discord.voice.faults.abort(bed.lounge.id)


async def move_region(bed: FaultTestBed) -> None:
    """The voice websocket closes with 4014, and then Discord names a voice server."""
    await bed.discord.voice.faults.close(bed.lounge.id, 4014)
    await bed.guild.move_bot(bed.lounge)


async def send_malformed_proposals(bed: FaultTestBed) -> None:
    """The voice server sends an op 27 that is not MLS."""
    bed.discord.voice.faults.send(bed.lounge.id, VoiceOp.MLS_PROPOSALS, b"\0\xff\xff\xff")


async def repeat_external_sender(bed: FaultTestBed) -> None:
    """The voice server sends a second op 25."""
    bed.discord.voice.faults.repeat_external_sender(bed.lounge.id)


def sends_empty(op: VoiceOp) -> Injection:
    """The voice server sends a message without any of its fields."""

    async def send(bed: FaultTestBed) -> None:
        bed.discord.voice.faults.send(bed.lounge.id, op, {})

    return send


async def ben_joins(bed: FaultTestBed) -> None:
    """Ben is in the call from the start."""
    await bed.ben.join(bed.lounge)


async def ben_speaks_and_leaves(bed: FaultTestBed) -> None:
    """Ben speaks and leaves: voice op 5 for him, then op 13."""
    await bed.ben.speak([_SILENT_FRAME] * 5)
    await bed.ben.leave()


async def ben_visits(bed: FaultTestBed) -> None:
    """Ben comes, speaks and leaves."""
    await ben_joins(bed)
    await ben_speaks_and_leaves(bed)


async def come_and_go(bed: FaultTestBed) -> None:
    """Two more members join and leave again."""
    for step in (bed.ben.join(bed.lounge), bed.cleo.join(bed.lounge), bed.ben.leave(), bed.cleo.leave()):
        await step
        await asyncio.sleep(0.4)


async def stop_heartbeat_acks(bed: FaultTestBed) -> None:
    """The voice server stops answering heartbeats."""
    bed.discord.voice.faults.silence_heartbeat_acks = True


async def lose_datagrams(bed: FaultTestBed) -> None:
    """All UDP datagrams are lost for two seconds."""
    bed.discord.voice.faults.lose_datagrams(1.0)
    await asyncio.sleep(2.0)
    bed.discord.voice.faults.lose_datagrams(0.0)


async def lose_discovery(bed: FaultTestBed) -> None:
    """A rejoin whose first IP discovery packet is lost."""
    bed.discord.voice.faults.drop_discoveries(1)
    await closes(4006)(bed)


async def refuse_rejoin(bed: FaultTestBed) -> None:
    """A rejoin whose first TCP connections are refused."""
    bed.discord.voice.faults.refuse_connections(2)
    await closes(4006)(bed)


async def answer_late(bed: FaultTestBed) -> None:
    """A rejoin to a voice server that is slow with op 2 and op 4."""
    bed.discord.voice.faults.ready_delay = bed.discord.voice.faults.description_delay = 1.0
    await closes(4006)(bed)


async def assign_late(bed: FaultTestBed) -> None:
    """A rejoin for which VOICE_SERVER_UPDATE comes late."""
    bed.discord.faults.delay_event("VOICE_SERVER_UPDATE", 2.0)
    await closes(4006)(bed)


async def never_assign(bed: FaultTestBed) -> None:
    """A rejoin for which VOICE_SERVER_UPDATE is not sent at all, once."""
    bed.discord.faults.withhold_event("VOICE_SERVER_UPDATE")
    await closes(4006)(bed)


async def close_while_rejoining(bed: FaultTestBed) -> None:
    """The voice server closes the next two rejoins at their identify."""
    bed.discord.voice.faults.close_at_identify(4006, times=2)
    await closes(4006)(bed)


async def close_thrice(bed: FaultTestBed) -> None:
    """Three closes, a second apart."""
    for _ in range(3):
        await closes(4006)(bed)
        await asyncio.sleep(1.0)


async def cut_everything(bed: FaultTestBed) -> None:
    """The network fails for a moment: voice and main gateway break at once."""
    await abort(bed)
    await drop_gateway(bed)


async def kick_while_rejoining(bed: FaultTestBed) -> None:
    """A moderator disconnects the bot while it waits for the voice server."""
    bed.discord.voice.faults.ready_delay = 2.0
    await closes(4006)(bed)
    await asyncio.sleep(1.0)
    await kick(bed)


async def move_while_rejoining(bed: FaultTestBed) -> None:
    """A moderator moves the bot while it waits for the voice server, and Ada goes along."""
    bed.discord.voice.faults.ready_delay = 1.0
    await closes(4006)(bed)
    await asyncio.sleep(0.5)
    await move_to_attic(bed)


async def move_region_while_rejoining(bed: FaultTestBed) -> None:
    """Another voice server is named while the bot waits for the first one."""
    bed.discord.voice.faults.ready_delay = 1.0
    await closes(4006)(bed)
    await asyncio.sleep(0.5)
    await bed.guild.move_bot(bed.lounge)


async def delete_while_rejoining(bed: FaultTestBed) -> None:
    """The voice channel is deleted while the bot waits for the voice server."""
    bed.discord.voice.faults.ready_delay = 1.0
    await closes(4006)(bed)
    await asyncio.sleep(0.5)
    await delete_lounge(bed)


async def refuse_for_a_while(bed: FaultTestBed) -> None:
    """The next five attempts to reach the voice server fail."""
    bed.discord.voice.faults.refuse_connections(10)
    await closes(4006)(bed)


async def refuse_the_rejoin(bed: FaultTestBed) -> None:
    """The rejoin is refused with a code after which another attempt is useless."""
    bed.discord.voice.faults.close_at_identify(4004, times=1000)
    await closes(4006)(bed)


async def members_come_while_rejoining(bed: FaultTestBed) -> None:
    """The DAVE group changes twice while the bot is not in it."""
    await closes(4006)(bed)
    await bed.ben.join(bed.lounge)
    await bed.cleo.join(bed.lounge)


async def kick(bed: FaultTestBed) -> None:
    """A moderator disconnects the bot."""
    await bed.guild.disconnect_bot()


async def move_to_attic(bed: FaultTestBed) -> None:
    """A moderator moves the bot, and Ada goes along."""
    await bed.guild.move_bot(
        bed.attic
    )  # first, so that what the bot says before it notices is still heard in the lounge
    await bed.ada.move(bed.attic)


async def delete_lounge(bed: FaultTestBed) -> None:
    """The voice channel is deleted."""
    await bed.guild.delete_channel(bed.lounge)


async def forbid_to_connect(bed: FaultTestBed) -> None:
    """The bot loses the Connect permission; Discord lets it stay in the channel."""
    bed.guild.set_bot_permissions(connect=False)


async def forbid_and_close(bed: FaultTestBed) -> None:
    """The bot loses the Connect permission, then its connection; Discord answers no rejoin."""
    bed.guild.set_bot_permissions(connect=False)
    await closes(4006)(bed)


async def drop_gateway(bed: FaultTestBed) -> None:
    """The main gateway's connection breaks; the session can be resumed."""
    await bed.discord.faults.drop_gateway(4000)


async def drop_gateway_for_good(bed: FaultTestBed) -> None:
    """The main gateway's connection breaks, and the session with it."""
    await bed.discord.faults.drop_gateway(4000, resumable=False)


async def request_reconnect(bed: FaultTestBed) -> None:
    """The main gateway asks for a reconnect (op 7)."""
    bed.discord.faults.request_reconnect()


async def invalidate_session(bed: FaultTestBed) -> None:
    """The main gateway invalidates the session (op 9)."""
    await bed.discord.faults.invalidate_session()


async def keep_gateway_down(bed: FaultTestBed) -> None:
    """The main gateway's connection breaks again and again for three seconds."""
    until = asyncio.get_running_loop().time() + 3.0
    while asyncio.get_running_loop().time() < until:
        await bed.discord.faults.drop_gateway(4000)
        await asyncio.sleep(0.02)


async def block_loop(bed: FaultTestBed) -> None:
    """The bot's event loop runs a callback that sleeps."""
    os.kill(bed.bot.process_id, signal.SIGUSR1)


async def turn_dave_on(bed: FaultTestBed) -> None:
    """A call without end-to-end encryption turns it on."""
    bed.discord.voice.dave_protocol_version = 1
    bed.lounge.call.change_dave_version(1)


async def turn_dave_off(bed: FaultTestBed) -> None:
    """A client without DAVE joins."""
    bed.discord.voice.dave_protocol_version = 0
    bed.lounge.call.change_dave_version(0)


async def restart(bed: FaultTestBed) -> None:
    """The bot's process is stopped as a host does that, and another one is started."""
    await bed.bot.restart()

"""What is done to a call or to the bot: each act is one fault."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any, Final

from bench.faults.fault_test_bed import Stage
from sandbox.voice.voice_opcodes import VoiceOp

Act = Callable[[Stage], Coroutine[Any, Any, None]]

_SILENT_FRAME: Final = b"\xf8\xff\xfe"


async def nothing(_: Stage) -> None:
    """Nothing."""


def closes(code: int) -> Act:
    """The voice server closes the websocket with this code."""

    async def close(stage: Stage) -> None:
        await stage.discord.voice.faults.close(stage.lounge.id, code)

    return close


def refuses_with(code: int) -> Act:
    """The same, and every later identify is refused with it too."""

    async def refuse(stage: Stage) -> None:
        stage.discord.voice.faults.close_at_identify(code, times=1000)
        await closes(code)(stage)

    return refuse


def long_before(fault: Act, seconds: float) -> Act:
    """A fault that shows only so many seconds later."""

    async def prepare(stage: Stage) -> None:
        await fault(stage)
        await asyncio.sleep(seconds)

    return prepare


async def abort(stage: Stage) -> None:
    """The voice websocket's TCP connection breaks without a word."""
    stage.discord.voice.faults.abort(stage.lounge.id)


async def move_region(stage: Stage) -> None:
    """4014, and then the name of a voice server."""
    await stage.discord.voice.faults.close(stage.lounge.id, 4014)
    await stage.guild.move_bot(stage.lounge)


async def send_malformed_proposals(stage: Stage) -> None:
    """An op 27 that is no MLS."""
    stage.discord.voice.faults.send(stage.lounge.id, VoiceOp.MLS_PROPOSALS, b"\0\xff\xff\xff")


async def repeat_external_sender(stage: Stage) -> None:
    """A second op 25."""
    stage.discord.voice.faults.repeat_external_sender(stage.lounge.id)


def sends_empty(op: VoiceOp) -> Act:
    """A message that lacks all that belongs into it."""

    async def send(stage: Stage) -> None:
        stage.discord.voice.faults.send(stage.lounge.id, op, {})

    return send


async def ben_joins(stage: Stage) -> None:
    """Ben is in the call from the start."""
    await stage.ben.join(stage.lounge)


async def ben_speaks_and_leaves(stage: Stage) -> None:
    """Voice op 5 for Ben, then op 13."""
    await stage.ben.speak([_SILENT_FRAME] * 5)
    await stage.ben.leave()


async def ben_visits(stage: Stage) -> None:
    """Ben comes, speaks and leaves."""
    await ben_joins(stage)
    await ben_speaks_and_leaves(stage)


async def come_and_go(stage: Stage) -> None:
    """Two more members come, and go again."""
    for act in (stage.ben.join(stage.lounge), stage.cleo.join(stage.lounge), stage.ben.leave(), stage.cleo.leave()):
        await act
        await asyncio.sleep(0.4)


async def stop_heartbeat_acks(stage: Stage) -> None:
    """The voice server answers no heartbeat any more."""
    stage.discord.voice.faults.silence_heartbeat_acks = True


async def lose_datagrams(stage: Stage) -> None:
    """No UDP for two seconds."""
    stage.discord.voice.faults.lose_datagrams(1.0)
    await asyncio.sleep(2.0)
    stage.discord.voice.faults.lose_datagrams(0.0)


async def lose_discovery(stage: Stage) -> None:
    """A rejoin whose first IP discovery packet is lost."""
    stage.discord.voice.faults.drop_discoveries(1)
    await closes(4006)(stage)


async def refuse_rejoin(stage: Stage) -> None:
    """A rejoin whose first TCP connections are refused."""
    stage.discord.voice.faults.refuse_connections(2)
    await closes(4006)(stage)


async def answer_late(stage: Stage) -> None:
    """A rejoin to a voice server that takes its time over op 2 and op 4."""
    stage.discord.voice.faults.ready_delay = stage.discord.voice.faults.description_delay = 1.0
    await closes(4006)(stage)


async def assign_late(stage: Stage) -> None:
    """A rejoin for which VOICE_SERVER_UPDATE comes late."""
    stage.discord.faults.delay_event("VOICE_SERVER_UPDATE", 2.0)
    await closes(4006)(stage)


async def never_assign(stage: Stage) -> None:
    """A rejoin for which VOICE_SERVER_UPDATE is not sent at all, once."""
    stage.discord.faults.withhold_event("VOICE_SERVER_UPDATE")
    await closes(4006)(stage)


async def close_while_rejoining(stage: Stage) -> None:
    """The two rejoins that follow are closed at their identify."""
    stage.discord.voice.faults.close_at_identify(4006, times=2)
    await closes(4006)(stage)


async def close_thrice(stage: Stage) -> None:
    """Three closes, a second apart."""
    for _ in range(3):
        await closes(4006)(stage)
        await asyncio.sleep(1.0)


async def cut_everything(stage: Stage) -> None:
    """The network is gone for a moment: voice and main gateway break at once."""
    await abort(stage)
    await drop_gateway(stage)


async def kick_while_rejoining(stage: Stage) -> None:
    """A moderator disconnects the bot while it waits for the voice server."""
    stage.discord.voice.faults.ready_delay = 2.0
    await closes(4006)(stage)
    await asyncio.sleep(1.0)
    await kick(stage)


async def move_while_rejoining(stage: Stage) -> None:
    """A moderator moves the bot while it waits for the voice server, and Ada goes along."""
    stage.discord.voice.faults.ready_delay = 1.0
    await closes(4006)(stage)
    await asyncio.sleep(0.5)
    await move_to_attic(stage)


async def move_region_while_rejoining(stage: Stage) -> None:
    """Another voice server is named while the bot waits for the first one."""
    stage.discord.voice.faults.ready_delay = 1.0
    await closes(4006)(stage)
    await asyncio.sleep(0.5)
    await stage.guild.move_bot(stage.lounge)


async def delete_while_rejoining(stage: Stage) -> None:
    """The voice channel is deleted while the bot waits for the voice server."""
    stage.discord.voice.faults.ready_delay = 1.0
    await closes(4006)(stage)
    await asyncio.sleep(0.5)
    await delete_lounge(stage)


async def refuse_for_a_while(stage: Stage) -> None:
    """The next five tries to reach the voice server fail."""
    stage.discord.voice.faults.refuse_connections(10)
    await closes(4006)(stage)


async def refuse_the_rejoin(stage: Stage) -> None:
    """The rejoin is refused with a code that another try cannot help."""
    stage.discord.voice.faults.close_at_identify(4004, times=1000)
    await closes(4006)(stage)


async def members_come_while_rejoining(stage: Stage) -> None:
    """The DAVE group changes twice while the bot is out of it."""
    await closes(4006)(stage)
    await stage.ben.join(stage.lounge)
    await stage.cleo.join(stage.lounge)


async def kick(stage: Stage) -> None:
    """A moderator disconnects the bot."""
    await stage.guild.disconnect_bot()


async def move_to_attic(stage: Stage) -> None:
    """A moderator moves the bot, and Ada goes along."""
    await stage.guild.move_bot(stage.attic)  # first: what the bot says until it knows is heard where it was
    await stage.ada.move(stage.attic)


async def delete_lounge(stage: Stage) -> None:
    """The voice channel is deleted."""
    await stage.guild.delete_channel(stage.lounge)


async def forbid_to_connect(stage: Stage) -> None:
    """The bot loses Connect; Discord lets it stay where it is."""
    stage.guild.set_bot_permissions(connect=False)


async def forbid_and_close(stage: Stage) -> None:
    """The bot loses Connect, then its connection: no rejoin is answered."""
    stage.guild.set_bot_permissions(connect=False)
    await closes(4006)(stage)


async def drop_gateway(stage: Stage) -> None:
    """The main gateway's connection breaks; the session can be resumed."""
    await stage.discord.faults.drop_gateway(4000)


async def drop_gateway_for_good(stage: Stage) -> None:
    """The main gateway's connection breaks, and with it the session."""
    await stage.discord.faults.drop_gateway(4000, resumable=False)


async def request_reconnect(stage: Stage) -> None:
    """The main gateway asks for a reconnect (op 7)."""
    stage.discord.faults.request_reconnect()


async def invalidate_session(stage: Stage) -> None:
    """The main gateway's session is over (op 9)."""
    await stage.discord.faults.invalidate_session()


async def keep_gateway_down(stage: Stage) -> None:
    """The main gateway's connection breaks, and does so again and again for three seconds."""
    until = asyncio.get_running_loop().time() + 3.0
    while asyncio.get_running_loop().time() < until:
        await stage.discord.faults.drop_gateway(4000)
        await asyncio.sleep(0.02)


async def block_loop(stage: Stage) -> None:
    """The bot's event loop runs a callback that sleeps."""
    os.kill(stage.bot.process_id, signal.SIGUSR1)


async def turn_dave_on(stage: Stage) -> None:
    """The call without end-to-end encryption becomes one with it."""
    stage.discord.voice.dave_protocol_version = 1
    stage.lounge.call.change_dave_version(1)


async def turn_dave_off(stage: Stage) -> None:
    """A client without DAVE has come."""
    stage.discord.voice.dave_protocol_version = 0
    stage.lounge.call.change_dave_version(0)

"""The control API: a bot is tried over HTTP alone; nobody else gets in; and what is wrong is said."""

import asyncio
import base64
import io
import json
import ssl
import wave
from functools import partial
from typing import Any

import aiohttp
import discord
import numpy as np
import pytest

from sandbox import Sandbox
from sandbox.control.control_routes import control_routes
from sandbox.control.hearing_controls import HearingControls
from sandbox.voice import HeardFrame
from tests.sandbox.control.control_client import ControlClient
from tests.sandbox.pycord import make_bot, running
from tests.support.eventually import eventually
from tests.voicewire.wire import Ears, frames
from voicewire.adapters.voice_protocol import WireVoiceClient


def make_talkative_bot(server: Sandbox) -> discord.Bot:
    """A bot with a bit of everything."""
    bot = make_bot(server)

    class Form(discord.ui.Modal):
        def __init__(self) -> None:
            super().__init__(discord.ui.InputText(label="Why?", custom_id="why"), title="A form")

        async def callback(self, interaction: discord.Interaction) -> None:
            answer = self.children[0]
            assert isinstance(answer, discord.ui.InputText)
            await interaction.response.send_message(f"since {answer.value}", ephemeral=True)

    class Panel(discord.ui.View):
        @discord.ui.button(label="Press", custom_id="press")
        async def press(self, _: "discord.ui.Button[Panel]", interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(Form())

        @discord.ui.user_select(custom_id="who")
        async def who(self, menu: "discord.ui.Select[Panel, Any, Any]", interaction: discord.Interaction) -> None:
            assert menu.values
            chosen = menu.values[0]
            assert isinstance(chosen, discord.Member)
            await interaction.response.send_message(f"chose {chosen.display_name}")

    @bot.slash_command(description="Greets")
    async def greet(ctx: discord.ApplicationContext, whom: discord.Member, file: discord.Attachment) -> None:
        text = (await file.read()).decode()
        await ctx.respond(f"{text} {whom.display_name}", view=Panel(), ephemeral=True)

    @bot.slash_command(description="Thinks")
    async def think(ctx: discord.ApplicationContext) -> None:
        await ctx.defer()
        await asyncio.sleep(0.05)
        await ctx.followup.send("thought")

    offer = discord.utils.basic_autocomplete(["one", "two"])
    options = [
        discord.Option(str, "Which", name="option", autocomplete=offer),
        discord.Option(str, "How", name="typed", required=False),
    ]

    @bot.slash_command(description="Picks", options=options)
    async def pick(ctx: discord.ApplicationContext, option: str, typed: str) -> None:
        await ctx.respond(f"{option} {typed}")

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        if not message.author.bot:
            await message.reply(message.content.upper())

    return bot


async def test_everything_that_members_do_is_done_over_http(server: Sandbox, control: ControlClient) -> None:
    guild = await control("POST", "/guilds", name="Club", text=["general"], voice=["Lounge"], members=["Ada", "Ben"])
    text, lounge = (each["id"] for each in guild["channels"])
    ada, ben = (each["id"] for each in guild["members"] if each["name"] in ("Ada", "Ben"))
    me = f"/members/{ada}"
    async with running(make_talkative_bot(server), server):
        told = await control("GET", "/ready?wait=5")
        assert told["connected"]
        assert told["commands"] == ["greet", "pick", "think"]
        assert (told["token"], told["api_url"]) == (server.bot.token, server.api_url)

        typed = await control("POST", f"{me}/type", channel=text, content="hello")
        [answer] = await control("GET", f"/channels/{text}/messages?after={typed['id']}&from_bot=true&wait=5")
        assert answer["content"] == "HELLO"
        await control("POST", f"{me}/react", 204, message=answer["id"], emoji="👍")
        shown = await control("GET", f"/messages/{answer['id']}")
        assert shown["reactions"][0]["emoji"]["name"] == "👍"

        file = {"file": "a.txt", "content": base64.b64encode(b"Hi,").decode()}
        options = {"whom": {"member": ben}, "file": file}
        reply = await control("POST", f"{me}/command", name="greet", channel=text, options=options)
        panel = reply["message"]
        assert reply["ephemeral"]
        assert panel["content"] == "Hi, Ben"
        chosen = await control("POST", f"{me}/select", message=panel["id"], menu="who", choices=[{"member": ben}])
        assert chosen["message"]["content"] == "chose Ben"
        opened = await control("POST", f"{me}/click", message=panel["id"], button="Press")
        assert opened["modal"]["title"] == "A form"
        sent = await control("POST", f"{me}/submit", reply=opened["id"], answers={"Why?": "I say so"})
        assert sent["message"]["content"] == "since I say so"

        asked = {"name": "pick", "channel": text, "option": "option", "typed": "t", "options": {"typed": "x"}}
        offered = await control("POST", f"{me}/autocomplete", **asked)
        assert offered == [{"name": "two", "value": "two"}]

        thought = await control("POST", f"{me}/command", name="think", channel=text)
        assert thought["deferred"]
        thought = await control("GET", f"/replies/{thought['id']}?wait=5")
        assert thought["message"]["content"] == "thought"

        private = await control("POST", f"{me}/open_direct_messages")
        assert private["kind"] == "direct"
        await control("POST", f"{me}/type", channel=private["id"], content="psst")
        [answer] = await control("GET", f"/channels/{private['id']}/messages?from_bot=true&wait=5")
        assert answer["content"] == "PSST"
        foreign = await control("POST", f"/members/{ben}/type", 403, channel=private["id"], content="and I")
        assert "not Ben's" in foreign["message"]

        await control("POST", f"{me}/join", 204, channel=lounge)
        [club] = await control("GET", "/guilds")
        assert [each["occupants"] for each in club["channels"] if each["kind"] == "voice"] == [[ada]]
        await control("POST", f"{me}/leave", 204)
        refused = await control("POST", f"{me}/mute", 403)
        assert refused["error"] == "NotAllowed"


def wav_of(samples: int, rate: int) -> bytes:
    """A tone as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, rate, 0, "NONE", ""))
        tone = 8000 * np.sin(2 * np.pi * 440 * np.arange(samples) / rate)
        writer.writeframes(tone.astype("<i2").tobytes())
    return file.getvalue()


async def test_a_call_is_heard_and_broken_over_http(server: Sandbox, control: ControlClient) -> None:
    guild = await control("POST", "/guilds", name="Club", voice=["Lounge"], members=["Ada"])
    lounge = guild["channels"][0]["id"]
    ada = next(each["id"] for each in guild["members"] if each["name"] == "Ada")
    await control("POST", f"/members/{ada}/join", 204, channel=lounge)
    ears, bot = Ears(), make_bot(server)
    trust = ssl.create_default_context(cafile=str(server.ca_file))

    class Client(WireVoiceClient):
        listener = ears
        make_connector = partial(aiohttp.TCPConnector, ssl=trust)

    async with running(bot, server):
        channel = bot.get_channel(int(lounge))
        assert isinstance(channel, discord.VoiceChannel)
        client = await channel.connect(timeout=10, reconnect=False, cls=Client)
        await eventually(lambda: client.may_speak)

        address = control.server.url
        async with control.session.post(
            f"{address}/members/{ada}/speak",
            data=wav_of(8_000, 16_000),
            headers={**control.headers, "Content-Type": "audio/wav"},
        ) as spoken:
            assert spoken.status == 204, await spoken.text()
        assert len([each for each in ears.of(int(ada)) if each]) >= 25

        said = frames(30)
        async with control.session.get(
            f"{address}/channels/{lounge}/frames?count=30", headers=control.headers
        ) as sound:
            for frame in said:
                client.send_frame(frame)
            lines = [json.loads(line) async for line in sound.content]
        assert [base64.b64decode(line["opus"]) for line in lines] == said
        assert all(line["end_to_end"] and not line["missed"] for line in lines)
        call = await control("GET", f"/channels/{lounge}/call?speech=30&wait=5")
        assert call["speech"] == 30
        assert call["connections"] == [{"resumed": False, "open": True, "close_code": None}]
        heard = await control("GET", f"/channels/{lounge}/call.wav")
        with wave.open(io.BytesIO(heard)) as file:
            assert file.getparams()[:3] == (1, 2, 48_000)
            assert file.getnframes() >= 30 * 960

        await control("POST", "/faults/close_voice", 204, channel=lounge)
        call = await control("GET", f"/channels/{lounge}/call")
        assert call["connections"][0] == {"resumed": False, "open": False, "close_code": 4006}
        await control("POST", f"/guilds/{guild['id']}/disconnect_bot", 204)
        assert server.guilds[0].bot_voice is None
        await client.disconnect(force=True)


async def test_a_slow_reader_of_frames_is_told_what_it_missed(server: Sandbox) -> None:
    lounge = server.add_guild("Club").add_voice_channel("Lounge")
    lines = await HearingControls(server).stream_frames(lounge)
    first = asyncio.ensure_future(anext(lines))
    await asyncio.sleep(0)
    for number in range(600):
        lounge.call._loudspeakers.play(HeardFrame(0.0, number, 0, 1, b"\xf8\xff\xfe", True, True, 0))
    assert (await first)["missed"] == 100
    assert [(await anext(lines))["sequence"] for _ in range(499)] == [*range(101, 600)]
    await lines.aclose()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Basic"}, 401),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_nobody_else_is_let_in(control: ControlClient, headers: dict[str, str], status: int) -> None:
    given = headers if status == 401 else {**control.headers, **headers}
    for path in ("/", "/guilds", "/nothing"):
        async with control.session.get(control.server.url + path, headers=given) as response:
            assert response.status == status
            assert "token" not in await response.json()


async def test_what_is_wrong_with_a_request_is_said(server: Sandbox, control: ControlClient) -> None:
    guild, other = server.add_guild("Club"), server.add_guild("Other")
    text, far = guild.add_text_channel("general"), other.add_text_channel("far")
    ada = f"/members/{guild.add_member('Ada').id}"

    async def wrong(path: str, status: int = 400, /, **fields: Any) -> str:
        message: str = (await control("POST", path, status, **fields))["message"]
        return message

    assert "unknown fields: colour" in await wrong("/guilds", name="x", colour="red")
    assert "missing fields: name" in await wrong("/guilds")
    assert "name is a text, not 5" in await wrong("/guilds", name=5)
    assert "text is a list" in await wrong("/guilds", name="x", text="general")
    assert "kind is one of" in await wrong(f"/guilds/{guild.id}/channels", name="x", kind="forum")
    assert "channel is an id" in await wrong(f"{ada}/type", channel=True, content="x")
    assert "no channel 7" in await wrong(f"{ada}/type", 404, channel="7", content="x")
    assert "no member 7" in await wrong("/members/7/leave", 404)
    assert "no message 7" in await wrong(f"{ada}/react", 404, message="7", emoji="x")
    assert "different guilds" in await wrong(f"{ada}/type", channel=str(far.id), content="x")
    assert "no voice channel" in await wrong(f"{ada}/join", 403, channel=str(text.id))
    assert "2000" in await wrong(f"{ada}/type", channel=str(text.id), content="x" * 2001)
    assert "between 3000 and 4999" in await wrong("/faults/drop_gateway", code=1006)
    assert "between 0 and 1" in await wrong("/faults/lose_datagrams", fraction=2)
    assert "status is between" in await wrong("/faults/fail_route", method="GET", path="/x", status=99)
    assert "times is between" in await wrong("/faults/withhold_event", name="READY", times=10**9)
    assert "seconds is between" in await wrong("/faults/delay_event", name="READY", seconds=-1)
    assert "no voice channel" in await wrong("/faults/close_voice", channel=str(text.id))
    assert "acts by itself" in await wrong(f"/members/{server.bot.id}/type", channel=str(text.id), content="x")
    assert "is a number" in await wrong("/faults/lose_datagrams", fraction="nan")
    assert "is no base64" in await wrong(f"{ada}/speak", sound="!")
    assert "no WAV" in await wrong(f"{ada}/speak", sound="AAAA")
    playlist = base64.b64encode(b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.mp3\n").decode()
    assert "no WAV" in await wrong(f"{ada}/speak", sound=playlist)
    assert "cannot be read" in await wrong(f"{ada}/speak", sound=base64.b64encode(b"RIFF").decode())
    assert "permission" in await wrong(f"/guilds/{guild.id}/set_bot_permissions", permissions=["fly"])
    late = await control("GET", f"/channels/{text.id}/messages?wait=0.01", 408)
    assert "no message" in late["message"]
    assert "60" in (await control("GET", f"/channels/{text.id}/messages?wait=1e9", 400))["message"]
    assert "Not Found" in (await control("GET", "/nothing", 404))["message"]
    for body in (b"{", b"[]", b"[" * 100_000, b"\xff"):
        async with control.session.post(f"{control.server.url}/guilds", data=body, headers=control.headers) as response:
            assert response.status == 400, body[:10]


async def test_whoever_hangs_up_falls_silent(server: Sandbox, control: ControlClient) -> None:
    guild = server.add_guild("Club")
    lounge, ada = guild.add_voice_channel("Lounge"), guild.add_member("Ada")
    await ada.join(lounge)
    url, headers = f"{control.server.url}/members/{ada.id}/speak", {**control.headers, "Content-Type": "audio/wav"}
    with pytest.raises(TimeoutError):
        await control.session.post(
            url, data=wav_of(480_000, 48_000), headers=headers, timeout=aiohttp.ClientTimeout(total=0.3)
        )
    await asyncio.sleep(0.2)
    async with control.session.post(url, data=wav_of(960, 48_000), headers=headers) as response:
        assert response.status == 204, "she speaks no more, so she may begin anew"


async def test_each_route_says_what_it_does(server: Sandbox) -> None:
    routes = control_routes(server)
    assert len(routes) > 50
    assert all(each.answer.__doc__ for each in routes)
    assert len({(each.method, each.path) for each in routes}) == len(routes)

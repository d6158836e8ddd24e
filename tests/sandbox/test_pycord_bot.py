"""An unmodified py-cord bot in the sandbox: commands, buttons, messages."""

import asyncio
from typing import Any

import discord

from sandbox import Choice, Sandbox
from tests.sandbox.pycord import make_bot, running


async def test_command_is_registered_and_answered(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    bot = make_bot(server)

    @bot.slash_command(description="Says it again")
    async def echo(ctx: discord.ApplicationContext, words: str) -> None:
        await ctx.respond(f"{ctx.author.display_name} says {words}")

    async with running(bot, server):
        reply = await ada.command("echo", text, options={"words": "hello"})

    assert reply.content == "Ada says hello"
    assert not reply.ephemeral
    assert not reply.failed
    assert [message.content for message in text.messages] == ["Ada says hello"]


async def test_bot_hears_and_answers_messages(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    lounge = guild.add_voice_channel("Lounge")
    ada = guild.add_member("Ada")
    bot = make_bot(server)

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        if not message.author.bot:
            async with message.channel.typing():
                await message.reply(message.content.upper())

    async with running(bot, server):
        asked = await ada.type("what is it", lounge)
        answer = await lounge.wait_for_message(lambda message: message.author is server.bot)

    assert answer.content == "WHAT IS IT"
    assert answer.reference is asked
    assert {typing.user_id for typing in lounge.typing} == {server.bot.id}


async def test_enforced_nonce_goes_over_the_wire_and_posts_once(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    bot = make_bot(server)
    async with running(bot, server):
        place = bot.get_channel(text.id)
        assert isinstance(place, discord.TextChannel)
        nonce = f"{text.id}-0"
        first = await place.send("once", nonce=nonce, enforce_nonce=True)
        second = await place.send("once", nonce=nonce, enforce_nonce=True)
        other = await place.send("next part", nonce=f"{text.id}-1", enforce_nonce=True)

    assert first.id == second.id != other.id
    assert [(message.content, message.nonce) for message in text.messages] == [
        ("once", nonce),
        ("next part", f"{text.id}-1"),
    ]


async def test_click_on_old_message_reaches_persistent_view(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")

    class Panel(discord.ui.View):
        def __init__(self) -> None:
            super().__init__(timeout=None)

        @discord.ui.button(label="End Call", custom_id="end")
        async def end(self, _button: "discord.ui.Button[Panel]", interaction: discord.Interaction) -> None:
            await interaction.response.edit_message(content="ended", view=None)

    first = make_bot(server)
    async with running(first, server):
        channel = first.get_channel(text.id)
        assert isinstance(channel, discord.TextChannel)
        await channel.send("a panel", view=Panel())
    panel = text.messages[0]

    second = make_bot(server)
    async with running(second, server):
        second.add_view(Panel())
        reply = await ada.click(panel, "End Call")

    assert reply.kind == 7
    assert panel.content == "ended"
    assert panel.components == []


async def test_silence_is_told_as_did_not_respond(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    bot = make_bot(server)
    late: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()

    @bot.slash_command(description="Too slow")
    async def dawdle(ctx: discord.ApplicationContext) -> None:
        await asyncio.sleep(3.2)
        try:
            await ctx.respond("too late")
        except discord.HTTPException as error:
            late.set_result(error)

    async with running(bot, server):
        reply = await ada.command("dawdle", text)
        assert reply.failed
        error = await asyncio.wait_for(late, 5)

    assert isinstance(error, discord.NotFound)
    assert error.code == 10062


async def test_deferred_answer_is_filled_in(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    bot = make_bot(server)
    done = asyncio.Event()

    @bot.slash_command(description="Thinks")
    async def think(ctx: discord.ApplicationContext) -> None:
        await ctx.defer(ephemeral=True)
        await asyncio.sleep(0.05)
        await ctx.followup.send("thought")
        await ctx.followup.send("more", ephemeral=True)
        done.set()

    async with running(bot, server):
        reply = await ada.command("think", text)
        assert reply.deferred
        assert reply.ephemeral
        assert await reply.wait_for_content() == "thought"
        await asyncio.wait_for(done.wait(), 5)

    assert [message.content for message in reply.followups] == ["more"]
    assert text.messages == []


async def test_choices_are_offered_while_one_types(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    bot = make_bot(server)
    languages = {"German": "de", "Georgian": "ka", "Greek": "el"}

    async def matching(ctx: discord.AutocompleteContext) -> list[discord.OptionChoice]:
        assert ctx.focused.name == "language"
        assert ctx.options["loud"] is True
        found = [name for name in languages if name.lower().startswith(ctx.value)]
        return [discord.OptionChoice(name, languages[name]) for name in found]

    options = [
        discord.Option(str, "Which", name="language", autocomplete=matching),
        discord.Option(bool, "How", name="loud", required=False),
        discord.Option(int, "How big", name="size", choices=[1, 2], required=False),
    ]

    @bot.slash_command(description="Chooses", options=options)
    async def choose(ctx: discord.ApplicationContext, language: str, loud: bool, size: int) -> None:
        await ctx.respond(f"{language} {loud} {size}")

    async with running(bot, server):
        choices = await ada.autocomplete("choose", text, option="language", typed="ge", loud=True)
        none = await ada.autocomplete("choose", text, option="language", typed="x", loud=True)
        chosen = await ada.command("choose", text, {"language": choices[0].value, "loud": False, "size": 2})
        written = await ada.command("choose", text, {"language": "Klingon"})

    assert choices == [Choice("German", "de"), Choice("Georgian", "ka")]
    assert none == []
    assert chosen.content == "de False 2"
    assert written.content == "Klingon None None"


async def test_choices_of_a_subcommand_are_offered(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    bot = make_bot(server)
    voice = bot.create_group("voice", "About the voice")

    offer = discord.utils.basic_autocomplete([1, 2, 12])

    @voice.command(description="Speeds up", options=[discord.Option(int, "How fast", name="speed", autocomplete=offer)])
    async def faster(ctx: discord.ApplicationContext, speed: int) -> None:
        await ctx.respond(str(speed))

    async with running(bot, server):
        choices = await ada.autocomplete("voice faster", text, option="speed", typed="1")
        reply = await ada.command("voice faster", text, {"speed": 7})

    assert choices == [Choice("1", 1), Choice("12", 12)]
    assert reply.content == "7"


async def test_menus_modals_and_context_menus_work_with_py_cord(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada, ben = guild.add_member("Ada"), guild.add_member("Ben")
    bot = make_bot(server)

    class Form(discord.ui.Modal):
        def __init__(self) -> None:
            super().__init__(discord.ui.InputText(label="Why?", custom_id="why"), title="A form")

        async def callback(self, interaction: discord.Interaction) -> None:
            answer = self.children[0]
            assert isinstance(answer, discord.ui.InputText)
            await interaction.response.send_message(f"since {answer.value}")

    class Menus(discord.ui.View):
        @discord.ui.string_select(options=[discord.SelectOption(label="one"), discord.SelectOption(label="two")])
        async def number(self, menu: "discord.ui.Select[Menus, Any, Any]", interaction: discord.Interaction) -> None:
            assert menu.values
            await interaction.response.send_message(f"chose {menu.values[0]}")

        @discord.ui.user_select()
        async def person(self, menu: "discord.ui.Select[Menus, Any, Any]", interaction: discord.Interaction) -> None:
            assert menu.values
            chosen = menu.values[0]
            assert isinstance(chosen, discord.Member)
            await interaction.response.send_message(f"chose {chosen.display_name}")

    @bot.slash_command(description="Shows menus")
    async def menus(ctx: discord.ApplicationContext) -> None:
        await ctx.respond("choose", view=Menus())

    @bot.slash_command(description="Opens a form")
    async def form(ctx: discord.ApplicationContext) -> None:
        await ctx.send_modal(Form())

    @bot.user_command(name="High Five")
    async def high_five(ctx: discord.ApplicationContext, member: discord.Member) -> None:
        await ctx.respond(f"five, {member.display_name}")

    @bot.message_command(name="Shout")
    async def shout(ctx: discord.ApplicationContext, message: discord.Message) -> None:
        await ctx.respond(message.content.upper())

    @bot.slash_command(description="Reads a file")
    async def read(ctx: discord.ApplicationContext, file: discord.Attachment) -> None:
        await ctx.respond((await file.read()).decode())

    async with running(bot, server):
        shown = (await ada.command("menus", text)).message
        assert shown is not None
        first, second = (row["components"][0]["custom_id"] for row in shown.components)
        assert (await ada.select(shown, first, "two")).content == "chose two"
        assert (await ada.select(shown, second, ben)).content == "chose Ben"
        assert (await ada.submit(await ada.command("form", text), {"Why?": "I say so"})).content == "since I say so"
        assert (await ada.member_command("High Five", ben, text)).content == "five, Ben"
        assert (await ada.message_command("Shout", await ben.type("hello", text))).content == "HELLO"
        assert (await ada.command("read", text, {"file": ada.file("a.txt", b"abc")})).content == "abc"

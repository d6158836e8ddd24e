"""What the page makes of messages, in a real browser: Discord's Markdown, and nothing that a message brings runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor
from sandbox.playground import Playground
from tests.sandbox.bare_bot import Asked, Bot
from tests.support.accessibility import grave_violations
from tests.support.browser import needs_browser, open_browser

pytestmark = needs_browser

HOSTILE = (
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "[click](javascript:window.hacked=1)",
    "[x](data:text/html,<script>hacked=1</script>)",
    "<javascript:alert(1)>",
    "```html\n<img src=x onerror='window.hacked = 1'>\n```",
    "`<b onclick=1>`",
    "https://example.org/\"onmouseover='window.hacked=1'",
    "<@1'><img src=x onerror=hacked=1>",
    "<t:99999999999999:F>",
    '<:a"onerror=1:123>',
    "**" * 900,
    "||" * 900,
    "*_" * 900,
    "> " * 500,
    "[" * 1900,
    "`" * 1999,
    "\u202ehidden\u0000",
)

NEXT_PICTURE = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
"""Waits until the page has been drawn once more."""

MARKDOWN = {
    "**bold**": "<p><strong>bold</strong></p>",
    "*one* _two_": "<p><em>one</em> <em>two</em></p>",
    "***both***": "<p><strong><em>both</em></strong></p>",
    "__under__ ~~gone~~": "<p><u>under</u> <s>gone</s></p>",
    "snake_case_name": "<p>snake_case_name</p>",
    "2 * 3 * 4": "<p>2 * 3 * 4</p>",
    r"\*not\*": "<p>*not*</p>",
    "`a*b*c`": "<p><code>a*b*c</code></p>",
    "``a`b``": "<p><code>a`b</code></p>",
    "```py\nx = 1\n```": '<pre tabindex="0"><code>x = 1</code></pre>',
    "# Big\ntext": '<p class="heading-1">Big</p><p>text</p>',
    "#no": "<p>#no</p>",
    "-# small": "<small>small</small>",
    "> one\n> two\nthree": "<blockquote><p>one\ntwo</p></blockquote><p>three</p>",
    ">>> all\nof it": "<blockquote><p>all\nof it</p></blockquote>",
    "- a\n- b": "<ul><li>a</li><li>b</li></ul>",
    "3. c\n4. d": '<ol start="3"><li>c</li><li>d</li></ol>',
    "1 < 2 & 3": "<p>1 &lt; 2 &amp; 3</p>",
    "@everyone": '<p><span class="mention">@everyone</span></p>',
    "<@0>": '<p><span class="mention">@Somebody</span></p>',
    "**open": "<p>**open</p>",
    "a\n\nb": "<p>a\n\nb</p>",
}


@pytest.fixture
async def tab(playground: Playground, text: ChannelHandle) -> AsyncIterator[Any]:
    """Ada's page in a browser, with the text channel open. In the end, nothing in it may have failed."""
    failures: list[str] = []
    async with open_browser() as browser:
        tab = await browser.new_page()
        tab.on("pageerror", lambda error: failures.append(str(error)))
        tab.on("console", lambda line: failures.append(line.text) if line.type == "error" else None)
        await tab.goto(playground.url)
        await tab.get_by_role("heading", name=text.name).wait_for()
        yield tab
    assert not failures


async def test_discords_markdown_looks_like_there(tab: Any) -> None:
    render = """async (texts) => {
        const { markdown } = await import("./js/markdown.js");
        return texts.map((text) => {
            const place = document.createElement("div");
            place.append(...markdown(text, playground.guild));
            return place.innerHTML;
        });
    }"""
    got = await tab.evaluate(render, list(MARKDOWN))
    assert dict(zip(MARKDOWN, got, strict=True)) == MARKDOWN


async def test_no_message_runs_anything_or_holds_the_page_up(
    tab: Any, text: ChannelHandle, ada: MemberActor, bot: Bot, guild: GuildHandle
) -> None:
    await bot.register()
    ben = guild.add_member("<img src=x onerror=hacked=1>")
    for each in HOSTILE:
        await ben.type(each, text)

    async def answer(asked: Asked) -> None:
        fields = [{"name": each[:256], "value": each[:1024]} for each in HOSTILE[:8]]
        embed = {"title": HOSTILE[0], "description": HOSTILE[1], "url": "https://example.org/'\"", "fields": fields}
        label = HOSTILE[1]
        rows = [{"type": 1, "components": [{"type": 2, "style": 1, "label": label, "custom_id": "\"]' onclick=x"}]}]
        assert await asked.respond(4, content=HOSTILE[2], embeds=[embed], components=rows) == 0

    await bot.serve(ada.command("go", text), answer)
    await ada.type("the end", text)
    await tab.get_by_role("log").get_by_text("the end").wait_for()
    assert await tab.evaluate("window.hacked") is None
    assert not await tab.locator("script:not([src]), [onerror], [onclick], a[href^='javascript:'], iframe").count()
    assert await tab.locator("article img").count() == 0
    assert await tab.locator(".embed").count() == 1


async def test_a_command_with_options_is_used_by_the_keyboard_alone(tab: Any, text: ChannelHandle, bot: Bot) -> None:
    options = [
        {"type": 3, "name": "word", "description": "A word", "autocomplete": True, "required": True},
        {"type": 5, "name": "sure", "description": "Sure?"},
    ]
    await bot.register(options=options)
    await tab.keyboard.press("Tab")
    await tab.keyboard.press("Enter")  # the link that skips to the message box
    await tab.keyboard.type("/g")
    await tab.get_by_role("option", name="/go").wait_for()
    assert await tab.get_by_role("combobox").get_attribute("aria-expanded") == "true"
    await tab.keyboard.press("Enter")

    async def offer(asked: Asked) -> None:
        await asked.respond(8, choices=[{"name": "German", "value": "de"}, {"name": "Georgian", "value": "ka"}])

    async def typed() -> None:
        await tab.keyboard.type("ge")
        await tab.get_by_role("option", name="Georgian").wait_for()

    await bot.serve(typed(), offer)
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        await tab.keyboard.press(key)
    await tab.keyboard.press("Tab")
    await tab.keyboard.type("True")
    seen: list[Any] = []

    async def answer(asked: Asked) -> None:
        seen.append({each["name"]: each["value"] for each in asked.data["data"]["options"]})
        await asked.respond(4, content="only **you**", flags=64)

    async def send() -> None:
        await tab.keyboard.press("Tab")
        await tab.keyboard.press("Tab")
        await tab.keyboard.press("Enter")
        await tab.get_by_text("Only you can see this").wait_for()

    await bot.serve(send(), answer)
    assert seen == [{"word": "ka", "sure": True}]
    assert await tab.evaluate("document.activeElement.id") == "composer-text"
    await tab.get_by_role("button", name="Dismiss message").click()
    await tab.get_by_text("Only you can see this").wait_for(state="detached")
    assert not text.messages


async def test_a_window_that_a_bot_opens_is_filled_in_and_sent(tab: Any, text: ChannelHandle, bot: Bot) -> None:
    rows = [{"type": 1, "components": [{"type": 2, "style": 4, "label": "Press", "custom_id": "b"}]}]
    field = {"type": 4, "style": 2, "label": "Why?", "custom_id": "why"}
    await bot.register()
    await bot.serve(text.backend.human_interactions.command(*_first(text), {}, 1), _posts(rows))

    async def opens(asked: Asked) -> None:
        await asked.respond(9, custom_id="w", title="Tell", components=[{"type": 1, "components": [field]}])

    await bot.serve(tab.get_by_role("button", name="Press").click(), opens)
    dialog = tab.get_by_role("dialog", name="Tell")
    await dialog.get_by_label("Why?").fill("because")
    for scheme in ("light", "dark"):
        await tab.emulate_media(color_scheme=scheme)
        assert not await grave_violations(tab)
    seen: list[Any] = []

    async def take(asked: Asked) -> None:
        seen.append(asked.data["data"]["components"])
        await asked.respond(7, content="thanks", components=[])

    await bot.serve(dialog.get_by_role("button", name="Submit").click(), take)
    await tab.get_by_role("log").get_by_text("thanks").wait_for()
    assert seen[0][0]["components"][0]["value"] == "because"
    assert await tab.get_by_role("button", name="Press").count() == 0


async def test_the_newest_message_stays_in_sight_unless_one_has_scrolled_up(
    tab: Any, text: ChannelHandle, ada: MemberActor
) -> None:
    for number in range(40):
        await ada.type(f"line {number} " + "word " * 30, text)
    newest, oldest = tab.locator("article").last, tab.locator("article").first
    await newest.get_by_text("line 39").wait_for()
    in_sight = """node => {
        const { top, bottom } = document.getElementById("messages").getBoundingClientRect();
        const place = node.getBoundingClientRect();
        return place.top >= top - 1 && place.bottom <= bottom + 1;
    }"""
    for width in (1280, 700, 400, 900):
        await tab.set_viewport_size({"width": width, "height": 700})
        async with asyncio.timeout(5):
            while not await newest.evaluate(in_sight):
                await tab.evaluate(NEXT_PICTURE)
    await oldest.scroll_into_view_if_needed()
    await tab.evaluate(NEXT_PICTURE)
    await ada.type("news", text)
    await tab.locator("article").filter(has_text="news").wait_for()
    assert await oldest.evaluate(in_sight)


async def test_without_a_loudspeaker_one_is_in_the_call_and_is_told(
    playground: Playground, text: ChannelHandle, lounge: ChannelHandle, ada: MemberActor
) -> None:
    async with open_browser() as browser:
        tab = await browser.new_page()
        await tab.add_init_script("AudioContext.prototype.resume = () => new Promise(() => {})")
        await tab.goto(playground.url)
        await tab.get_by_role("heading", name=text.name).wait_for()
        await tab.get_by_role("button", name=f"Join {lounge.name}").click()
        await tab.get_by_role("alert").get_by_text("plays no sound").wait_for()
        await tab.get_by_role("alert").get_by_text("no microphone").wait_for()
        assert ada.user in lounge.occupants


def _first(text: ChannelHandle) -> tuple[Any, str, Any]:
    members = text.backend.store.members_of(text.guild).values()
    return next(each for each in members if each.name == "Ada"), "go", text.channel


def _posts(rows: list[Any]) -> Any:
    async def act(asked: Asked) -> None:
        await asked.respond(4, content="press", components=rows)

    return act

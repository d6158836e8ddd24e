"""Models and endpoints as people really run them, in one call: what is posted, what is said, and what is logged."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from sandbox.standins.faults import Body
from tests.support.eventually import eventually
from tests.support.model_client import chunk, stream_of
from tests.support.scene import Scene, SceneMaker

DONE = b"data: [DONE]\n\n"
QUOTA = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
TOO_LONG = {
    "error": {"message": "This model's maximum context length is 200 tokens. Your messages resulted in 300 tokens."}
}
TOOLS = {"choices": [{"delta": {"tool_calls": [{"function": {"name": "get_weather"}}]}, "finish_reason": "tool_calls"}]}


def streamed(text: str, reason: str = "stop", *, delta: int = 3) -> Body:
    """A reply in deltas of so many characters."""
    pieces = [chunk(text[start : start + delta]) for start in range(0, len(text), delta)]
    return stream_of(*pieces, chunk("", reason), ending=DONE)


def refused(status: int, document: object) -> Body:
    return Body("application/json", json.dumps(document).encode(), status)


def echo(messages: Sequence[Any]) -> str:
    """A model that says what it was told, also where the instructions stand before it."""
    content = messages[-1]["content"]
    told = json.loads(content[content.index('{"author"') :])
    return f"You said {told['message']}."


@pytest.fixture
async def scene(open_scene: SceneMaker) -> AsyncIterator[Scene]:
    async with open_scene(responder=echo) as scene:
        yield scene


async def test_what_models_and_endpoints_really_send(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    async def asked(line: str, *answers: Body) -> str:
        scene.model.order(*answers)
        return (await scene.answer_to(line)).content

    def was_said(words: str) -> bool:
        return any(words in request.text for request in scene.google.requests)

    async def is_said(words: str) -> None:
        await eventually(lambda: was_said(words))

    async def told(words: str) -> None:
        await scene.lounge.wait_for_message(lambda message: words in message.content, 10)
        await is_said(words.partition("'")[0])

    async with scene.assistant():
        await scene.begin_call()

        assert await asked("one", streamed("<think>\nThey greet me.\n</think>\n\nHello there!")) == "Hello there!"
        await is_said("Hello there!")
        assert not was_said("greet")
        assert await asked("two", streamed("[THINK]They greet me.[/THINK]Good day!")) == "Good day!"
        harmony = (
            "<|channel|>analysis<|message|>They greet me.<|end|><|start|>assistant<|channel|>final<|message|>Howdy!"
        )
        assert await asked("three", streamed(harmony)) == "Howdy!"
        assert not was_said("greet")
        assert await asked("four", streamed("Write `<think>` like this.")) == "Write `<think>` like this."

        unopened = "They are hungry. They want food. I shall answer.\n</think>\n\nHave some soup!"
        assert await asked("five", streamed(unopened)) == "Have some soup!"
        scene.google.requests.clear()
        assert await asked("six", streamed(unopened)) == "Have some soup!"
        await is_said("Have some soup!")
        assert not was_said("hungry"), "held until the thought is over, from the second reply on"
        remembered = json.dumps(scene.model.requests[-1].body)
        assert "soup" in remembered
        assert not any(word in remembered for word in ("greet", "hungry"))

        mistyped = Body("text/plain", streamed("It is read all the same.").body)
        assert await asked("seven", mistyped) == "It is read all the same."
        refusing = stream_of({"choices": [{"delta": {"refusal": "I can't help with that."}, "finish_reason": "stop"}]})
        assert await asked("eight", refusing) == "I can't help with that."
        await is_said("I can't help with that.")

        assert await asked("nine", streamed("Once upon a time", "length")) == "Once upon a time"
        await told("went on for too long")
        assert await asked("ten", streamed("Once upon a time", "content_filter")) == "Once upon a time"
        await told("content filter")
        assert "thought for so long" in await asked("eleven", streamed("<think>Well, ", "length"))
        assert "a tool that I don't have" in await asked("twelve", stream_of(TOOLS, ending=DONE))
        assert "get_weather" in caplog.text

        count = len(scene.model.requests)
        assert "no credit left" in await asked("thirteen", refused(429, QUOTA))
        assert len(scene.model.requests) == count + 1
        owners = [record.message for record in caplog.records if record.levelname == "ERROR"]
        assert any("ModelNoCredit" in message for message in owners)
        assert "failed to answer" in await asked(
            "fourteen", refused(400, {"object": "error", "message": "cat on keyboard"})
        )
        assert "cat on keyboard" in caplog.text

        assert await asked("fifteen", refused(400, TOO_LONG)) == "You said fifteen."
        before, after = [len(request.body["messages"]) for request in scene.model.requests[-2:]]
        assert before > after
        assert await asked("sixteen") == "You said sixteen."

        assert await asked("seventeen", refused(400, {"error": "System role not supported"})) == "You said seventeen."
        assert await asked("eighteen") == "You said eighteen."
        assert scene.model.requests[-1].body["messages"][0]["role"] == "user"


async def test_streams_and_refusals_of_careless_servers(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    async def asked(line: str, *answers: Body) -> str:
        scene.model.order(*answers)
        return (await scene.answer_to(line)).content

    def was_said(words: str) -> bool:
        return any(words in request.text for request in scene.google.requests)

    async with scene.assistant():
        await scene.begin_call()

        text = "The kettle is on. Tea is ready soon."
        assert await asked("one", Body("text/event-stream", streamed(text).body.replace(b"\n\n", b"\n"))) == text
        again = {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}
        assert await asked("two", stream_of(chunk(text), again, ending=DONE)) == text
        other = {"choices": [{"index": 1, "delta": {"content": "Never say this. "}}]}
        assert (
            await asked("three", stream_of(chunk("Good. "), other, chunk("Day.", "stop"), ending=DONE)) == "Good. Day."
        )
        await eventually(lambda: was_said("Day."))
        assert not was_said("Never")
        assert await asked("four", streamed(f"{text}\n</think>")) == text
        assert await asked("five", streamed(f"<chain-of-thought>They are cold.</chain-of-thought>{text}")) == text
        assert not was_said("cold")
        assert await asked("six", streamed(f"{text}\n<think>\nThey are cold.")) == text

        odd = refused(400, {"error": {"message": "error reading stream from backend: max_tokens"}})
        before = set(scene.model.requests[-1].body)
        assert "failed to answer" in await asked("seven", *[odd] * 3)
        assert await asked("eight") == "You said eight."
        assert set(scene.model.requests[-1].body) == before == {"model", "messages", "stream", "max_tokens"}
        words = Body("text/event-stream", b"no healthy upstream: cat on keyboard\n")
        assert "You said nine." not in await asked("nine", *[words] * 3)
        assert "cat on keyboard" in caplog.text


async def test_an_address_that_is_likely_to_be_wrong_is_named_at_the_start(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene.assistant(ai_base_url=f"{scene.model.base_url}/chat/completions"):
        assert "AI_BASE_URL ends with /chat/completions" in caplog.text
        await scene.begin_call()
        assert (await scene.answer_to("hello")).content == "You said hello."

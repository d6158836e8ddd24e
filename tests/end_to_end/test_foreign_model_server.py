"""The bot and a model server that others wrote: LiteLLM's proxy, as people put it in front of their models."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.doctor.finding import Verdict
from assistant.doctor.model import model_finding
from assistant.llm.chat_client import ChatClient
from sandbox.standins.faults import Body, ErrorAfterTokens, Status
from tests.support.litellm_proxy import KEY, MODEL, READY_MADE, READY_MADE_ANSWER, litellm_proxy
from tests.support.model_client import chunk, stream_of, whole
from tests.support.scene import Scene

QUOTA = {
    "error": {"message": "You exceeded your current quota", "code": "insufficient_quota", "type": "insufficient_quota"}
}
TOO_LONG = {
    "error": {
        "message": "This model's maximum context length is 300 tokens. However, your messages resulted in 400 tokens.",
        "type": "invalid_request_error",
        "param": "messages",
        "code": "context_length_exceeded",
    }
}


def refused(status: int, document: object) -> Body:
    return Body("application/json", json.dumps(document).encode(), status)


@pytest.mark.timeout(300)  # the proxy takes its time to start
async def test_a_call_through_litellms_proxy(scene: Scene, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def asked(line: str, *answers: Body | Status | ErrorAfterTokens) -> str:
        scene.model.order(*answers)
        return (await scene.answer_to(line, 40)).content

    async with litellm_proxy(scene.model.base_url, tmp_path) as proxy:
        there = replace(scene.settings, ai_base_url=proxy.base_url, ai_api_key=KEY, ai_model=MODEL)
        assert (await model_finding(there)).verdict is Verdict.OK
        unknown = await model_finding(replace(there, ai_model="moly"))
        assert unknown.verdict is Verdict.FAILED
        assert f"moly is not among the models there, which are {MODEL}, {READY_MADE}" in unknown.advice
        assert (await model_finding(replace(there, ai_api_key="sk-wrong"))).verdict is Verdict.FAILED

        async with scene.assistant(ai_base_url=proxy.base_url, ai_api_key=KEY, ai_model=MODEL):
            await scene.begin_call()
            assert await asked("hello") == "You said hello."
            await scene.heard_to_the_end()
            tagged = stream_of(
                chunk("<think>They greet"), chunk(" me.</think>\n\n"), chunk("Good day!"), chunk("", "stop")
            )
            assert await asked("good day", tagged) == "Good day!"
            beside = {
                "choices": [{"index": 0, "delta": {"reasoning_content": "They greet me."}, "finish_reason": None}]
            }
            assert (
                await asked("good morning", stream_of(beside, chunk("Good morning!"), chunk("", "stop")))
                == "Good morning!"
            )
            for number in range(6):
                assert await asked(f"line {number}") == f"You said line {number}."
            assert await asked("and now", refused(400, TOO_LONG)) == "You said and now."
            before, after = [len(request.body["messages"]) for request in scene.model.requests[-2:]]
            assert before > after
            assert "no credit left" in await asked("again", refused(429, QUOTA))
            assert "Sorry, my language model" in await asked("once more", *[Status(500, message="cat on keyboard")] * 3)
            assert "cat on keyboard" in caplog.text
            earlier = list(scene.lounge.messages)
            assert await asked("one two three four", ErrorAfterTokens(3)) == "You said one"
            await scene.lounge.wait_for_message(
                lambda message: "Sorry" in message.content and message not in earlier, 20
            )
            assert await asked("good night") == "You said good night."

        async with ChatClient(base_url=proxy.base_url, api_key=KEY, model=READY_MADE) as chat:
            assert await whole(chat) == READY_MADE_ANSWER

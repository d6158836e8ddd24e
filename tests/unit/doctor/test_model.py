"""Whether a check finds out that the model answers."""

import asyncio

import pytest

from assistant.config.settings import Settings
from assistant.doctor.finding import Verdict
from assistant.doctor.model import model_finding
from sandbox.standins.faults import Empty, Hang, ModelFault, Reset, Status
from sandbox.standins.language_model import LanguageModel


def settings_for(server: LanguageModel) -> Settings:
    return Settings(
        discord_token="x", ai_base_url=server.base_url, ai_model="sandbox-model", ai_api_key="sk-k", ai_read_timeout=0.3
    )


async def test_a_model_that_answers_is_ok_and_its_answer_is_not_waited_for() -> None:
    async with LanguageModel(lambda _: "hello " * 100, tokens_per_second=5) as server:
        async with asyncio.timeout(5):
            finding = await model_finding(settings_for(server))
        assert finding.verdict is Verdict.OK
        assert len(server.requests) == 1
        assert len(server.requests[0].tokens) < 50
        await server.wait_until_idle()


@pytest.mark.parametrize(
    ("fault", "said", "advice"),
    [
        (Status(401), "ModelRefused", "AI_API_KEY"),
        (Status(429), "ModelRateLimited", "credit"),
        (Status(404), "ModelFailed", "AI_MODEL"),
        (Status(500), "ModelFailed", "AI_MODEL"),
        (Reset(), "ModelUnreachable", "AI_BASE_URL"),
        (Hang(), "ModelTimeout", "AI_READ_TIMEOUT"),
        (Empty(), "ModelAnswerInvalid", "AI_BASE_URL"),
    ],
)
async def test_a_model_that_does_not_answer_fails_and_is_asked_once(fault: ModelFault, said: str, advice: str) -> None:
    async with LanguageModel() as server:
        server.order(fault)
        finding = await model_finding(settings_for(server))
        assert len(server.requests) == 1
    assert finding.verdict is Verdict.FAILED
    assert said in finding.detail
    assert advice in finding.advice

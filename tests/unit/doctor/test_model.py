"""Whether a check finds out that the model answers."""

import asyncio
import json
from dataclasses import replace

import pytest
from aiohttp import web

from assistant.config.settings import Settings
from assistant.doctor.finding import Finding, Verdict
from assistant.doctor.model import model_finding
from sandbox.standins.faults import Body, Empty, Hang, ModelFault, Reset, Status
from sandbox.standins.language_model import LanguageModel
from sandbox.standins.loopback_site import LoopbackSite

ONLY_THOUGHTS = b'data: {"choices": [{"delta": {"reasoning": "Hm."}, "finish_reason": "length"}]}\n\n'
FILTERED = b'data: {"choices": [{"delta": {}, "finish_reason": "content_filter"}]}\n\n'


def settings_for(server: LanguageModel, **changes: str) -> Settings:
    settings = Settings(
        discord_token="x", ai_base_url=server.base_url, ai_model="sandbox-model", ai_api_key="sk-k", ai_read_timeout=0.3
    )
    return replace(settings, **changes)  # type: ignore[arg-type]


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
        (Status(402), "ModelNoCredit", "credit"),
        (Status(429, message="insufficient_quota: out of credits"), "ModelNoCredit", "credit"),
        (Status(400, message="This model's maximum context length is 10 tokens"), "ModelContextExceeded", "context"),
        (Body("text/event-stream", ONLY_THOUGHTS), "ModelSaidNothing", "AI_MAX_TOKENS"),
        (Body("text/event-stream", FILTERED), "ModelAnswerFiltered", "filter"),
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


async def test_an_unknown_model_is_answered_with_those_that_there_are() -> None:
    async with LanguageModel() as server:
        finding = await model_finding(settings_for(server, ai_model="sandbox-modle"))
    assert finding.verdict is Verdict.FAILED
    assert "sandbox-modle is not among the models there, which are sandbox-model" in finding.advice


@pytest.mark.parametrize(
    "models",
    [
        json.dumps({"data": [{"id": f"model-{number}"} for number in range(300)]}),
        json.dumps([{"id": f"model-{number}"} for number in range(300)]),
        json.dumps({"models": [{"name": f"model-{number}"} for number in range(300)]}),
    ],
)
async def test_of_many_models_those_are_named_that_are_most_like_the_one_asked_for(models: str) -> None:
    finding = await finding_of_list(models.encode())
    assert "which are model-7, model-17," in finding.advice
    assert finding.advice.count("model-") == 10
    assert "290 others" in finding.advice


@pytest.mark.parametrize(
    "models",
    [b"", b"{}", b"null", b'{"data": "x"}', b'{"data": [{"id": "a\\nb"}, {"id": 7}]}', b"[" * 9999, b"x" * (5 << 20)],
)
async def test_a_list_that_is_none_names_nothing(models: bytes) -> None:
    finding = await finding_of_list(models)
    assert "not among" not in finding.advice
    assert "AI_MODEL" in finding.advice


async def finding_of_list(models: bytes) -> Finding:
    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"error": {"message": "no such model"}}, status=404)

    async def list_models(_: web.Request) -> web.Response:
        return web.Response(body=models)

    site = LoopbackSite([web.post("/v1/chat/completions", refuse), web.get("/v1/models", list_models)])
    await site.start()
    try:
        settings = Settings(discord_token="x", ai_base_url=f"{site.url}/v1", ai_model="modell-7")
        async with asyncio.timeout(20):
            return await model_finding(settings)
    finally:
        await site.stop()


@pytest.mark.parametrize("end", ["", "/v1/v1"])
async def test_an_address_that_is_likely_to_be_wrong_is_named(end: str) -> None:
    async with LanguageModel() as server:
        url = server.base_url.removesuffix("/v1") + end
        finding = await model_finding(settings_for(server, ai_base_url=url))
    assert finding.verdict is Verdict.FAILED
    assert "/v1" in finding.advice


async def test_an_address_of_which_something_is_left_out_is_ok_and_named() -> None:
    async with LanguageModel() as server:
        finding = await model_finding(settings_for(server, ai_base_url=f"{server.base_url}/chat/completions"))
    assert finding.verdict is Verdict.OK
    assert f"/chat/completions, which is left out: the address is {server.base_url}" in finding.advice

"""Pictures beside a question: sent as data, and left out for endpoints that refuse them."""

from contextlib import aclosing
from typing import Any

import pytest

from assistant.domain.errors import ModelFailed
from assistant.llm.chat_client import ChatClient
from assistant.llm.chat_message import ChatMessage
from sandbox.standins.faults import RefusedField, Status
from sandbox.standins.language_model import LanguageModel
from tests.support.model_client import REPLY, a_chat

PICTURE = "data:image/png;base64,iVBORw0KGgo="
LOOK = (ChatMessage("system", "You are Molly."), ChatMessage("user", "what is that?", "Ada", pictures=(PICTURE,)))


async def answer(chat: ChatClient) -> str:
    async with aclosing(chat.reply(LOOK)) as pieces:
        return "".join([str(piece) async for piece in pieces])


def contents(server: LanguageModel) -> list[Any]:
    """What was sent as the question, request after request."""
    return [request.body["messages"][-1]["content"] for request in server.requests]


async def test_pictures_go_as_parts_beside_the_text(chat: ChatClient, server: LanguageModel) -> None:
    assert await answer(chat) == REPLY
    (content,) = contents(server)
    text, picture = content
    assert text == {"type": "text", "text": LOOK[1].to_wire()["content"]}
    assert picture == {"type": "image_url", "image_url": {"url": PICTURE}}
    assert isinstance(server.requests[0].body["messages"][0]["content"], str)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "Invalid content type. image_url is only supported by certain models."),
        (404, "No endpoints found that support image input"),
        (422, "messages[1]: unknown variant `image_url`, expected `text`"),
        (500, "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"),
        (400, "sandbox-model is not a multimodal model"),
    ],
)
async def test_who_refuses_pictures_is_asked_without_them_now_and_from_then_on(
    chat: ChatClient, server: LanguageModel, status: int, message: str
) -> None:
    server.order(Status(status, message=message))
    assert await answer(chat) == REPLY
    assert await answer(chat) == REPLY
    assert [isinstance(content, str) for content in contents(server)] == [False, True, True]


@pytest.mark.parametrize("message", ["Bad request", "You uploaded an unsupported image format.", "Invalid image data"])
async def test_a_refusal_of_something_else_or_of_one_picture_is_tried_without_them_once(
    chat: ChatClient, server: LanguageModel, message: str
) -> None:
    server.order(Status(400, message=message), Status(400, message=message))
    with pytest.raises(ModelFailed):
        await answer(chat)
    assert await answer(chat) == REPLY
    assert [isinstance(content, str) for content in contents(server)] == [False, True, False]


@pytest.mark.parametrize("status", [408, 425, 503])
async def test_a_failure_of_the_moment_keeps_the_pictures(chat: ChatClient, server: LanguageModel, status: int) -> None:
    server.order(Status(status, message="Overloaded"))
    assert await answer(chat) == REPLY
    assert [isinstance(content, str) for content in contents(server)] == [False, False]


@pytest.mark.parametrize(
    ("status", "message"),
    [(413, "Request Entity Too Large"), (400, "This model's maximum context length is 4096 tokens, not 9000.")],
)
async def test_where_a_picture_takes_too_much_room_it_is_left_out_and_no_turn(
    chat: ChatClient, server: LanguageModel, status: int, message: str
) -> None:
    server.order(Status(status, message=message))
    assert await answer(chat) == REPLY
    assert [len(request.body["messages"]) for request in server.requests] == [2, 2]
    assert isinstance(contents(server)[1], str)


async def test_a_parameter_that_is_refused_costs_no_picture(server: LanguageModel) -> None:
    server.order(RefusedField("max_tokens"))
    async with a_chat(server, max_tokens=100) as chat:
        assert await answer(chat) == REPLY
    assert all(isinstance(content, list) for content in contents(server))

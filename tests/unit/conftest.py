from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from assistant.llm.chat_client import ChatClient
from sandbox.standins.language_model import LanguageModel
from tests.support.model_client import KEY, REPLY, Pauses, a_chat

# A busy machine may pause for longer than an example's deadline; what must be quick has a test of its own.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture
async def server() -> AsyncIterator[LanguageModel]:
    """A model that always answers REPLY, and asks for KEY."""
    async with LanguageModel(lambda _: REPLY, api_key=KEY) as server:
        yield server


@pytest.fixture
def pauses() -> Pauses:
    """The pauses that `chat` would have made between its tries."""
    return Pauses()


@pytest.fixture
async def chat(server: LanguageModel, pauses: Pauses) -> AsyncIterator[ChatClient]:
    """The client that ships, talking to `server`."""
    async with a_chat(server, sleep=pauses) as chat:
        yield chat

"""One message of a conversation with the model."""

import json
from dataclasses import dataclass
from typing import Literal

from assistant.domain.message_context import NO_CONTEXT, MessageContext


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of the conversation the model is shown."""

    role: Literal["system", "user", "assistant"]
    """Who speaks: our instructions, a person, or the model itself."""
    content: str
    """What was said."""
    name: str | None = None
    """The display name of the person who said it, exactly as Discord has it; None if nobody in particular."""

    interrupted_by: str | None = None
    """The display name of who interrupted the answer to it; None if nobody did."""
    context: MessageContext = NO_CONTEXT
    """What goes with it."""
    pictures: tuple[str, ...] = ()
    """Its pictures, as data URLs, for a model that sees."""

    def to_wire(self) -> dict[str, str]:
        """The message as the endpoint takes it, without the pictures (see `pictures.with_pictures`).

        A name travels inside the content, as the JSON object `{"author": …, "message": …}`. The API's own
        `name` field takes `[a-zA-Z0-9_-]{1,64}` only and some endpoints reject it, and a line such as
        `Ada: hello` can be forged by a name or a message that holds a line end. In JSON every character of
        either stays inside its string.
        """
        if self.name is None:
            return {"role": self.role, "content": self.content}
        content: dict[str, object] = {"author": self.name, "message": self.content, **self.context.to_json()}
        if self.interrupted_by is not None:
            content["answer_interrupted_by"] = self.interrupted_by
        return {"role": self.role, "content": json.dumps(content, ensure_ascii=False)}

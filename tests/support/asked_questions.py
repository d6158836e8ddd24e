"""Questions, as far as what answers them looks at them."""

from types import SimpleNamespace
from typing import Any, cast

from assistant.discord_io.heard_line import heard_line
from assistant.domain.call_snapshot import QuestionSnapshot
from assistant.reply.question import Question
from tests.support.fake_text import FakePost, FakeText


def typed_question(
    place: FakeText, message_id: int = 7, text: str = "Where?", snapshot: QuestionSnapshot | None = None
) -> Question:
    """What Ada has typed in a channel."""
    message = SimpleNamespace(id=message_id, to_reference=lambda **_: message_id)
    return Question(
        id=message_id,
        author="Ada",
        text=text,
        message=cast(Any, message),
        place=place,
        asker=cast(Any, SimpleNamespace(id=50)),
        snapshot=snapshot,
    )


def said_question(
    place: FakeText, text: str = "Where?", *, is_shown: bool = True, snapshot: QuestionSnapshot | None = None
) -> Question:
    """What Ada has said, which stands in the channel already, or is not to be seen there."""
    post = FakePost(place, 7)
    if is_shown:
        place.shown[7] = heard_line("Ada", text)
    return Question(
        id=7,
        author="Ada",
        text=text,
        message=cast(Any, post) if is_shown else None,
        place=place,
        asker=cast(Any, SimpleNamespace(id=50)),
        is_spoken=True,
        snapshot=snapshot,
    )

"""Who is meant: who is alone with us, who says the name, and who was just answered."""

from types import SimpleNamespace
from typing import Any, cast

from assistant.call.addressing import FOLLOW_UP_SECONDS, Addressing, Meant

ADA, BEN, MUSIC = 50, 51, 60


class Call:
    """A call with some members, and a clock."""

    def __init__(self, *members: int, addressing: str = "auto") -> None:
        self.time = 100.0
        people = {user_id: SimpleNamespace(bot=user_id == MUSIC) for user_id in (ADA, BEN, MUSIC)}
        guild = SimpleNamespace(me=SimpleNamespace(id=1), get_member=people.get)
        context: Any = SimpleNamespace(
            guild_id=5,
            voice=SimpleNamespace(guild=guild, voice_states=dict.fromkeys((1, *members))),
            preferences=SimpleNamespace(options_for=lambda _: SimpleNamespace(addressing=addressing)),
        )
        self._context = context
        self.addressing = Addressing(cast(Any, context), "Molly", lambda: self.time)

    def join(self, user_id: int) -> None:
        self._context.voice.voice_states[user_id] = None

    def meant(self, user_id: int, text: str) -> Meant:
        """What a member means who begins to say this now."""
        return self.addressing.meant_by(user_id, text, self.time)

    def takes(self, user_id: int, text: str) -> bool:
        return self.meant(user_id, text) is Meant.YES


def test_who_is_alone_with_it_means_it_and_a_bot_is_no_company() -> None:
    assert Call(ADA).takes(ADA, "Is it late?")
    assert Call(ADA, MUSIC).takes(ADA, "Is it late?")
    assert not Call(ADA, BEN).takes(ADA, "Is it late?")
    assert not Call(ADA, 99).takes(ADA, "Is it late?"), "of 99 nothing is known"


def test_who_is_alone_with_it_when_they_begin_means_it_whoever_comes_before_they_end() -> None:
    call = Call(ADA)
    began_at = call.time
    call.addressing.begin(ADA)
    call.join(BEN)
    call.time += FOLLOW_UP_SECONDS + 5
    assert call.addressing.meant_by(ADA, "Is it late?", began_at) is Meant.YES
    call.addressing.begin(ADA)
    call.addressing.begin(BEN)
    assert not call.takes(ADA, "Is it late?")
    assert not call.takes(BEN, "Is it late?")


def test_who_was_answered_need_not_say_the_name_for_a_while_and_others_must() -> None:
    call = Call(ADA, BEN)
    call.addressing.keep_up(ADA)
    call.time += FOLLOW_UP_SECONDS - 0.1
    assert call.takes(ADA, "And tomorrow?")
    assert not call.takes(BEN, "And tomorrow?")
    call.time += 0.2
    assert not call.takes(ADA, "And tomorrow?")


def test_it_counts_when_somebody_begins_however_long_they_speak() -> None:
    call = Call(ADA, BEN)
    call.addressing.keep_up(ADA)
    call.time += FOLLOW_UP_SECONDS + 5
    assert call.addressing.meant_by(ADA, "And tomorrow?", call.time - 6) is Meant.YES


def test_the_name_alone_is_a_call_whoever_is_there_and_whatever_the_server_wants() -> None:
    for call in (Call(ADA), Call(ADA, BEN), Call(ADA, BEN, addressing="name"), Call(ADA, addressing="always")):
        assert call.meant(ADA, "Hey Molly?") is Meant.CALLED


def test_a_server_may_want_the_name_always_or_never() -> None:
    assert not Call(ADA, addressing="name").takes(ADA, "Is it late?")
    assert Call(ADA, addressing="name").takes(ADA, "Is it late, Molly?")
    assert Call(ADA, BEN, addressing="always").takes(BEN, "Is it late?")

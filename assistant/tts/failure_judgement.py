"""Which failures to speak are the engine's fault."""

from assistant.domain.errors import LanguageUnsupported, SpeechEmpty, SpeechError, SpeechRationed, SpeechRefused
from assistant.util.circuit_breaker import Blame, Judgement


def judge_speech_error(error: SpeechError) -> Judgement:
    """What an error says about the engine that raised it."""
    match error:
        case LanguageUnsupported() | SpeechRationed():
            return Judgement(Blame.REQUEST)
        case SpeechEmpty():  # the text may hold nothing to say
            return Judgement(Blame.DOUBTFUL)
        case SpeechRefused(retry_after=retry_after):
            return Judgement(cooldown=retry_after)
        case _:
            return Judgement()

from assistant.speech.phrases import Phrase, PhraseCache


def phrase(text: str, engine: str = "gtts") -> Phrase:
    return Phrase(engine, "en", text)


def test_what_is_said_twice_is_kept_and_what_is_said_once_is_not() -> None:
    phrases = PhraseCache()
    phrases.said(phrase("Yes."), [b"a", b"b"])
    assert phrases.get(phrase("Yes.")) is None
    phrases.said(phrase("Yes."), [b"a", b"b"])
    assert phrases.get(phrase("Yes.")) == (b"a", b"b")


def test_a_phrase_is_another_one_in_another_voice() -> None:
    phrases = PhraseCache()
    for _ in range(2):
        phrases.said(phrase("Yes."), [b"a"])
    assert phrases.get(phrase("Yes.", "offline")) is None


def test_the_phrase_that_was_not_asked_for_the_longest_makes_room() -> None:
    phrases = PhraseCache(most_bytes=30)
    for text in ("one", "one", "two", "two", "three", "three"):
        phrases.said(phrase(text), [b"x" * 10])
    assert phrases.get(phrase("one"))
    for _ in range(2):
        phrases.said(phrase("four"), [b"x" * 10])
    assert phrases.get(phrase("two")) is None
    assert phrases.get(phrase("one"))
    assert phrases.get(phrase("four"))


def test_sentences_that_are_said_once_drive_out_no_phrase() -> None:
    phrases = PhraseCache(most_bytes=100)
    for _ in range(2):
        phrases.said(phrase("Yes."), [b"x" * 10])
    for number in range(10_000):
        phrases.said(phrase(f"Sentence {number}."), [b"x" * 10])
    assert phrases.get(phrase("Yes."))

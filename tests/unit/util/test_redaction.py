import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.util.redaction import MASK, SHORTEST_SECRET, Redactor
from tests.support.linear_time import assert_linear_time

SECRETS = st.text(st.characters(codec="utf-8", exclude_characters="•"), min_size=SHORTEST_SECRET, max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{'op': 0, 'd': {'token': 'ab12', 'user_id': '3'}}", "{'op': 0, 'd': {'token': '•••', 'user_id': '3'}}"),
        ('{"token":"ab12","x":1}', '{"token":"•••","x":1}'),
        (r"'{\"token\": \"ab12\", \"x\": 1}'", r"'{\"token\": \"•••\", \"x\": 1}'"),
        ("{'session_id': 'ab12', 'x': 1}", "{'session_id': '•••', 'x': 1}"),
        ("{'secret_key': [1, 22, 255], 'x': [1]}", "{'secret_key': [•••], 'x': [1]}"),
        ('{"secret_key":[1,22,255],"x":1}', '{"secret_key":[•••],"x":1}'),
        ("State(secret_key=[1, 22], mode=1)", "State(secret_key=[•••], mode=1)"),
        (r"{'secret_key': b'a\'b\x00c', 'x': 1}", "{'secret_key': b'•••', 'x': 1}"),
        ("Login(token='ab12', x=1)", "Login(token='•••', x=1)"),
        ("https://h/p?token=ab12&x=1", "https://h/p?token=•••&x=1"),
        ("Authorization: Bot ab12.cd-34", "Authorization: •••"),
        ("<CIMultiDict('Authorization': 'Bot ab12', 'X': 'y')>", "<CIMultiDict('Authorization': '•••', 'X': 'y')>"),
        ("(b'authorization', b'Bearer ab12')", "(b'authorization', b'•••')"),
        ("sent Bearer ab12, then", "sent Bearer •••, then"),
        ("Incorrect API key provided: sk-ab12***34.", "Incorrect API key provided: sk-•••."),
        ("POST https://d/api/v10/webhooks/123/aW50Z/messages/@original", "POST https://d/api/v10/webhooks/123/•••/messages/@original"),
        ("/interactions/123/aW_5-0Z/callback?with_response=true", "/interactions/123/•••/callback?with_response=true"),
        ("Gateway: a, b (Session ID: 12ab).", "Gateway: a, b (Session ID: •••)."),
        ("has successfully RESUMED session 12ab under", "has successfully RESUMED session ••• under"),
    ],
)  # fmt: skip
def test_what_stands_where_secrets_stand_is_masked(text: str, expected: str) -> None:
    assert Redactor().redact(text) == expected


@pytest.mark.parametrize(
    "text",
    ["{'token': None, 'x': 1}", "completion_tokens: 12", "GET /webhooks/123", "a session started", "the bearer"],
)
def test_what_holds_no_secret_stays(text: str) -> None:
    assert Redactor().redact(text) == text


@given(st.lists(SECRETS, min_size=1, max_size=4), st.text(max_size=40), st.text(max_size=40))
def test_no_known_secret_is_ever_left(secrets: list[str], before: str, after: str) -> None:
    redactor = Redactor(secrets)
    for secret in secrets:
        for spelling in (secret, repr(secret), json.dumps(secret), quote(secret, safe="")):
            redacted = redactor.redact(before + spelling + after)
            assert not any(known in redacted for known in secrets)


def test_a_secret_that_begins_with_another_is_masked_whole() -> None:
    assert Redactor(["abcd", "abcdefgh"]).redact("abcdefgh abcd") == f"{MASK} {MASK}"


def test_a_secret_may_be_learnt_later() -> None:
    redactor = Redactor()
    redactor.add("learnt-later")
    assert redactor.redact("it is learnt-later.") == f"it is {MASK}."


def test_a_blank_or_tiny_secret_does_not_garble_the_text() -> None:
    assert Redactor(["", "x"]).redact("text, next") == "text, next"


@pytest.mark.parametrize(
    "unit",
    [
        "plain text ",
        "'token': ",
        "'token': '",
        "token" + "\\" * 50,
        "secret_key': [1,",
        "bearer ",
        "/webhooks/1",
        '\\"a',
    ],
)
def test_long_lines_take_linear_time(unit: str) -> None:
    redact = Redactor(["some-secret"]).redact
    assert_linear_time(lambda text: redact(f"token': {text}"), unit, characters=300_000)

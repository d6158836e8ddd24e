import pytest

from assistant.text.markdown.addresses import domain_of
from assistant.text.markdown.inline import plain


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://docs.python.org/3/library?x#y", "docs.python.org"),
        ("http://www.example.org", "example.org"),
        ("HTTPS://Example.org:8080/", "Example.org"),
        ("https://user:pw@example.org/", "example.org"),
        ("/relative/path", "/relative/path"),
        ("", ""),
    ],
)
def test_the_domain_of_an_address_is_what_can_be_said_of_it(address: str, domain: str) -> None:
    assert domain_of(address) == domain


@pytest.mark.parametrize(
    ("markdown", "seen"),
    [
        ("**bold** and `x`", "bold and x"),
        ("[label](https://a.b)", "label"),
        ("[](https://a.b/c)", "a.b"),
        ("![picture](https://a.b/c.png)", "picture"),
        ("one<br>two \\*three\\*", "one two *three*"),
        ("see https://www.a.b/c", "see a.b"),
        ("", ""),
    ],
)
def test_a_cell_or_label_is_read_as_it_is_seen(markdown: str, seen: str) -> None:
    assert plain(markdown) == seen

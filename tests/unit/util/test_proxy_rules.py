"""Which way a request takes, by the variables that other programs read, too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from assistant.util.env_reader import EnvReader
from assistant.util.proxy_rules import ProxyRules, check_proxies

HTTPS = "https://discord.com/api"


def way(url: str, **variables: str) -> str:
    """The proxy that is taken, as people see it; "" for none."""
    proxy = ProxyRules.of(variables).proxy_for(URL(url))
    return "" if proxy is None else str(proxy)


@pytest.mark.parametrize(
    ("url", "variables", "proxy"),
    [
        (HTTPS, {}, ""),
        (HTTPS, {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        (HTTPS, {"https_proxy": "http://p:3128"}, "http://p:3128"),
        (HTTPS, {"HTTPS_PROXY": "http://big:1", "https_proxy": "http://small:2"}, "http://small:2"),
        (HTTPS, {"HTTPS_PROXY": "p:3128"}, "http://p:3128"),
        (HTTPS, {"HTTPS_PROXY": "https://p"}, "https://p"),
        (HTTPS, {"HTTPS_PROXY": "http://[::1]:3128/"}, "http://[::1]:3128"),
        (HTTPS, {"HTTPS_PROXY": "  "}, ""),
        (HTTPS, {"HTTP_PROXY": "http://p:3128"}, ""),
        (HTTPS, {"ALL_PROXY": "http://p:3128"}, "http://p:3128"),
        (HTTPS, {"all_proxy": "http://all:1", "HTTPS_PROXY": "http://p:2"}, "http://p:2"),
        ("wss://gateway.discord.gg/?v=10", {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        ("ws://127.0.0.1:80/", {"HTTP_PROXY": "http://p:3128"}, "http://p:3128"),
        ("ws://127.0.0.1:80/", {"HTTPS_PROXY": "http://p:3128"}, ""),
        ("http://127.0.0.1:11434/v1", {"HTTP_PROXY": "http://p:3128"}, "http://p:3128"),
        (HTTPS, {"HTTPS_PROXY": "http://ada:hidden@p:3128"}, "http://•••@p:3128"),
    ],
)
def test_the_variable_of_the_scheme_names_the_proxy(url: str, variables: dict[str, str], proxy: str) -> None:
    assert way(url, **variables) == proxy


@pytest.mark.parametrize(
    ("url", "no_proxy", "is_direct"),
    [
        (HTTPS, "*", True),
        (HTTPS, "discord.com", True),
        (HTTPS, "other.com, Discord.COM", True),
        (HTTPS, "other.com discord.com.", True),
        ("https://gateway.discord.com", "discord.com", True),
        ("https://gateway.discord.com", ".discord.com", True),
        ("https://gateway.discord.com", "*.discord.com", True),
        ("https://notdiscord.com", "discord.com", False),
        (HTTPS, "gateway.discord.com", False),
        (HTTPS, "discord.com:443", True),
        (HTTPS, "discord.com:8443", False),
        ("http://127.0.0.1:11434", "127.0.0.1", True),
        ("http://127.0.0.1:11434", "127.0.0.1:11434", True),
        ("http://127.0.0.1:11434", "127.0.0.1:80", False),
        ("http://127.0.0.1:11434", "localhost", False),
        ("http://localhost:11434", "localhost", True),
        ("http://10.1.2.3/", "10.0.0.0/8", True),
        ("http://11.1.2.3/", "10.0.0.0/8", False),
        ("http://[::1]:8000/", "[::1]", True),
        ("http://[::1]:8000/", "::1", True),
        ("http://[::1]:8000/", "[::1]:8000", True),
        ("http://[fd00::5]/", "fd00::/8", True),
        ("http://[fe80::5]/", "fd00::/8", False),
        ("http://10.1.2.3/", "10.0.0.0/99", False),
        (HTTPS, "", False),
        (HTTPS, " , ,", False),
    ],
)
def test_what_no_proxy_names_is_reached_directly(url: str, no_proxy: str, is_direct: bool) -> None:
    assert (way(url, ALL_PROXY="http://p:3128", NO_PROXY=no_proxy) == "") == is_direct
    assert (way(url, ALL_PROXY="http://p:3128", no_proxy=no_proxy) == "") == is_direct


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_the_variables_hold_is_decided_or_a_mistake(proxy: str, no_proxy: str) -> None:
    rules = ProxyRules.of({"HTTPS_PROXY": proxy, "NO_PROXY": no_proxy})
    check_proxies(EnvReader({}), rules)
    taken = rules.proxy_for(URL(HTTPS))
    assert taken is None or taken.wrong or taken.url.host
    assert isinstance(rules.secrets, tuple)


@pytest.mark.parametrize(
    ("variables", "wrong"),
    [
        ({"HTTPS_PROXY": "socks5://ada:hidden@p:1080"}, ["HTTPS_PROXY"]),
        ({"https_proxy": "socks5h://p:1080"}, ["HTTPS_PROXY"]),
        ({"ALL_PROXY": "socks://p:1080"}, ["ALL_PROXY"]),
        ({"ALL_PROXY": "socks://p:1080", "HTTPS_PROXY": "http://p:3128"}, []),
        ({"HTTP_PROXY": "ftp://p"}, ["HTTP_PROXY"]),
        ({"HTTPS_PROXY": "http://ada:hid den@p"}, ["HTTPS_PROXY"]),
        ({"HTTPS_PROXY": "http://ada:hidden@p:port"}, ["HTTPS_PROXY"]),
        ({"HTTPS_PROXY": "http://"}, ["HTTPS_PROXY"]),
        ({"HTTPS_PROXY": "http://p:3128", "HTTP_PROXY": "p:3128", "NO_PROXY": "///"}, []),
    ],
)
def test_what_cannot_be_used_is_a_mistake_that_shows_no_password(variables: dict[str, str], wrong: list[str]) -> None:
    read = EnvReader({})
    check_proxies(read, ProxyRules.of(variables))
    assert [mistake.variable for mistake in read.mistakes] == wrong
    assert "hid" not in str(read.mistakes)
    if "socks" in str(variables) and wrong:
        assert "SOCKS" in read.mistakes[0].wrong


def test_passwords_are_secrets_as_they_are_written_as_they_are_and_as_they_are_sent() -> None:
    secrets = ProxyRules.of({"https_proxy": "http://ada:p%40ss%2Dword@p:1"}).secrets
    assert {"p@ss-word", "p%40ss%2Dword", "YWRhOnBAc3Mtd29yZA=="} <= set(secrets)
    assert "just-a-token" in ProxyRules.of({"ALL_PROXY": "http://just-a-token@p:1"}).secrets
    assert ProxyRules.of({"ALL_PROXY": "http://p:1"}).secrets == ()

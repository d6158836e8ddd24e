"""Tells which of the services are asked through a proxy."""

import os
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from yarl import URL

from assistant.config.settings import Settings
from assistant.doctor.finding import Finding, ok
from assistant.stt.engine_factory import engine_names
from assistant.util.proxy_rules import ProxyRules

_GATEWAY: Final = URL("wss://gateway.discord.gg")
_GOOGLE: Final = URL("https://translate.google.com")


def proxy_findings(settings: Settings) -> Sequence[Finding]:
    """One finding for all proxies; none where no variable names one. The other checks show whether they work."""
    rules = ProxyRules.of(os.environ)
    through: dict[str, list[str]] = defaultdict(list)
    for service, url in _services(settings):
        proxy = rules.proxy_for(url)
        way = (
            f"through {proxy}, by {proxy.variable}"
            if proxy
            else "directly, since NO_PROXY names it or no variable is for it"
        )
        through[way].append(service)
    if not rules.proxies:
        return []
    ways = "; ".join(f"{', '.join(services)}: {way}" for way, services in through.items())
    return [ok("proxy", f"{ways}. Voices go over UDP, which no HTTP proxy carries: allow it to leave directly")]


def _services(settings: Settings) -> Sequence[tuple[str, URL]]:
    speech = settings.speech
    recognition = settings.recognition
    engines = [("hosted", URL(speech.base_url)), ("gtts", _GOOGLE)]
    recognizers = [("hosted", URL(recognition.base_url))]
    return [
        ("Discord's API", URL(settings.discord_api_url)),
        ("its gateways", _GATEWAY),
        ("language model", URL(settings.ai_base_url)),
        *((f"speech: {name}", url) for name, url in engines if name in speech.engine_names),
        *((f"recognition: {name}", url) for name, url in recognizers if name in engine_names(recognition, None)),
    ]

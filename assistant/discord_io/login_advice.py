"""What the owner reads when Discord refuses the login, and what the owner can do about it."""

from typing import Final

from assistant.discord_io.rest_client import DiscordRefused

BAD_TOKEN: Final = "Discord doesn't accept DISCORD_TOKEN. Copy it again from the Bot page of the developer portal"
NO_INTENT: Final = (
    "Turn on the Message Content Intent on the Bot page of the developer portal: the bot can't read messages without "
    "it. If Discord doesn't grant it, set MESSAGE_CONTENT=off: then the bot answers messages that mention it, and /ask"
)
BY_PROXY: Final = "Check that variable and the proxy, or name Discord's hosts in NO_PROXY"
UNREACHABLE: Final = "Check this machine's internet connection, its DNS, and DISCORD_API_URL"
STARTED_OFTEN: Final = "Something keeps restarting the bot: look in the log for why it exits"


def describe_refusal(refusal: DiscordRefused) -> str:
    """What happened, as the beginning of a sentence."""
    if refusal.status is None:
        return f"Discord can't be reached ({refusal.detail})"
    return f"Discord answered {refusal.status}" + (f" ({refusal.detail})" if refusal.detail else "")


def advice_for(refusal: DiscordRefused) -> str:
    """What the owner can do about it."""
    match refusal.status:
        case None:
            return BY_PROXY if refusal.is_by_proxy else UNREACHABLE
        case 401:
            return BAD_TOKEN
        case 429:
            return (
                "Too many requests came from this IP address, perhaps from others who share it. Wait, and don't "
                "restart the bot. If it lasts, move to a host or region with another address"
            )
        case 403:
            return "This IP address is blocked: move to a host or region with another address"
        case status if status >= 500:
            return "Discord has a problem of its own: wait, and see https://discordstatus.com"
        case _:
            return "Check DISCORD_API_URL and any proxy on the way: something other than Discord answered"

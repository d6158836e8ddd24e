"""What is said to the owner about a service that does not do its part, and what the owner can do about it."""

from typing import Final

from assistant.discord_io.rest_client import DiscordRefused

BAD_TOKEN: Final = "Discord does not know DISCORD_TOKEN; copy it again from the developer portal, page Bot"
NO_INTENT: Final = "Switch on the Message Content Intent in the developer portal, page Bot; I cannot read without it"
STARTED_OFTEN: Final = "Something starts me over and over; look into the log for what ends me"


def discord_trouble(refusal: DiscordRefused) -> str:
    """What happened, as the beginning of a line."""
    if refusal.status is None:
        return f"Discord cannot be reached ({refusal.detail})"
    return f"Discord answers {refusal.status}" + (f" ({refusal.detail})" if refusal.detail else "")


def discord_advice(refusal: DiscordRefused) -> str:
    """What to do about it."""
    match refusal.status:
        case None:
            return "Check this machine's way to the internet, its name lookups, and DISCORD_API_URL"
        case 401:
            return BAD_TOKEN
        case 429:
            return (
                "Too many requests came from this address, perhaps from others who share it: wait, don't start me "
                "anew; where it lasts, move to a host, or a region of it, with another address"
            )
        case 403:
            return "This address is blocked: move to a host, or a region of it, with another one"
        case status if status >= 500:
            return "Discord has trouble of its own: wait, and see https://discordstatus.com"
        case _:
            return "Check DISCORD_API_URL, and what stands between this machine and Discord: it answers in their place"

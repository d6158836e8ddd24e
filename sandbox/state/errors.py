"""What goes wrong in the sandbox: answers in Discord's own form, and what a human there cannot do."""

from __future__ import annotations

from typing import Any, Final


class ApiError(Exception):
    """A REST request that Discord would refuse.

    Codes and messages are those of
    https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes.
    """

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        """The HTTP status."""
        self.code = code
        """Discord's JSON error code, 0 where it has none."""
        self.message = message
        """Discord's words."""
        self.errors = errors
        """Which fields of a form were wrong, as a tree with `_errors` at its leaves."""

    def to_json(self) -> dict[str, Any]:
        """The answer's body."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


class NotAllowed(Exception):
    """A human in the sandbox tried what Discord's client would not let them do."""


class NotOffered(NotAllowed):
    """Discord would not show this command to this human in this place."""


def unauthorized() -> ApiError:
    """No token, or a wrong one."""
    return ApiError(401, 0, "401: Unauthorized")


def unknown(what: str) -> ApiError:
    """Something that does not exist, or no longer; `what` is one of Discord's nouns ("Channel")."""
    return ApiError(404, _UNKNOWN[what], f"Unknown {what}")


def missing_access() -> ApiError:
    """The channel or guild can't be seen."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """It can be seen, but this may not be done there."""
    return ApiError(403, 50013, "Missing Permissions")


def invalid_recipient() -> ApiError:
    """Nobody to whom the bot could write directly."""
    return ApiError(400, 50033, "Invalid Recipient(s)")


def cannot_message() -> ApiError:
    """A user who takes no direct messages of the bot."""
    return ApiError(403, 50007, "Cannot send messages to this user")


def already_acknowledged() -> ApiError:
    """A second first answer to an interaction."""
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def empty_message() -> ApiError:
    """A message without content, embeds, files or components."""
    return ApiError(400, 50006, "Cannot send an empty message")


def not_the_author() -> ApiError:
    """Someone else's message can't be edited."""
    return ApiError(403, 50005, "Cannot edit a message authored by another user")


def invalid_webhook_token() -> ApiError:
    """An interaction's token after its 15 minutes, or a wrong one."""
    return ApiError(401, 50027, "Invalid Webhook Token")


def invalid_json() -> ApiError:
    """A body that is no JSON object (or list, where a list is asked for)."""
    return ApiError(400, 50109, "The request body contains invalid JSON.")


def invalid_form(*problems: tuple[str, str, str]) -> ApiError:
    """A form with wrong fields. Each problem: the path ("embeds.0.title"), Discord's code, its message."""
    tree: dict[str, Any] = {}
    for path, code, message in problems:
        node = tree
        for step in path.split(".") if path else ():
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})
    return ApiError(400, 50035, "Invalid Form Body", _pruned(tree))


def _pruned(node: dict[str, Any]) -> dict[str, Any]:
    """Discord says nothing of what is inside something that is wrong itself."""
    if "_errors" in node:
        return {"_errors": node["_errors"]}
    return {step: _pruned(inner) for step, inner in node.items()}


_UNKNOWN: Final = {
    "Application": 10002,
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "Role": 10011,
    "User": 10013,
    "Emoji": 10014,
    "Webhook": 10015,
    "interaction": 10062,
    "application command": 10063,
    "Voice State": 10065,
}

"""A sandbox that is driven over HTTP, by programs in any language.

Start with `ControlServer`. Each route is a method of `GuildControls`, `MemberControls`, `HearingControls` or
`FaultControls`; its parameters are the fields of the request, read by `RequestReader`. The table of all routes is in
`control_routes`.
"""

from sandbox.control.control_server import ControlServer

__all__ = ["ControlServer"]

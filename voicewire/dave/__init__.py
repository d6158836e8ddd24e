"""DAVE, Discord's end-to-end encryption of calls: https://daveprotocol.com.

`protocol.py` follows the voice gateway's messages. What they mean for the keys is done by a library behind
`mls_session.py`: libdave or davey, as `default_session` finds them.
"""

from voicewire.dave.libraries import NoDaveLibrary, available_sessions, default_session

__all__ = ["NoDaveLibrary", "available_sessions", "default_session"]

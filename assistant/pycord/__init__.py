"""Every touch of a private part of py-cord, and the cures for what it does to a voice call.

Written for py-cord 2.8.1. When the pin moves, read this package against `discord/voice/` again; the start fails if
a part that is used here has gone.

What is cured, and why by subclasses and not by settings: py-cord's own voice client loses its poller task to an
uncaught error while `is_connected()` stays true; its UDP thread schedules tasks without waking the loop, which
costs 5 s a join, and sits in `select` for 30 s after a loss; a lost discovery packet costs a whole timeout; a
disconnect waits for an answer that may never come; the close code is dropped; frames leave unencrypted while the
end-to-end encryption is being agreed on. Here there is no UDP thread, and the poller ends by saying what ended it.
Reconnecting is left to `assistant.voice.connection`.
"""

from assistant.pycord.private_parts import check_private_parts

check_private_parts()

"""A page on 127.0.0.1 that looks like Discord: people type, click and talk to the bot in a browser.

Start with `Playground`. Each open page is a `BrowserTab`, and plays one of the `People`; what it wants done is in
`TabActions`, and what it shows is made by `PageView`. The page itself is in `static/`.
"""

from sandbox.playground.playground_site import Playground

__all__ = ["Playground"]

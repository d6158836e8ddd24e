"""A page on 127.0.0.1 that looks like Discord: people type, click and talk to the bot in a browser.

Start with `Playground`. Each open page is a `BrowserTab`, and plays one of the `People`; what it wants done is in
`TabActions`, what it shows is made by `PageView`, and by `Curtain` what goes on behind the scenes. The page itself is
in `static/`.
"""

from sandbox.playground.backstage import Backstage
from sandbox.playground.playground_site import Playground

__all__ = ["Backstage", "Playground"]

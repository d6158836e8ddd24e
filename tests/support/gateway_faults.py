"""What may happen to the connection to Discord's main gateway."""

from tests.support.scene import Scene


async def drop(scene: Scene) -> None:
    """The connection breaks; the session can be resumed."""
    await scene.discord.faults.drop_gateway(code=4000, resumable=True)


async def drop_for_good(scene: Scene) -> None:
    """The connection breaks, and with it the session."""
    await scene.discord.faults.drop_gateway(code=4009, resumable=False)


async def invalidate(scene: Scene) -> None:
    """The session is over (op 9)."""
    await scene.discord.faults.invalidate_session()

"""A bot of py-cord, as it is: it knows nothing of any test."""

import os

import discord

bot = discord.Bot()


class Door(discord.ui.View):
    """A message with a button."""

    @discord.ui.button(label="Come in")
    async def come_in(self, _: discord.ui.Button, interaction: discord.Interaction) -> None:
        """Somebody clicked."""
        await interaction.response.send_message(f"{interaction.user.display_name} came in.")


@bot.slash_command(description="Say hello")
async def hello(ctx: discord.ApplicationContext, whom: discord.Option(discord.Member, "To whom?")) -> None:
    """Greet a member."""
    await ctx.respond(f"Hello {whom.display_name}!", view=Door(), ephemeral=True)


bot.run(os.environ["DISCORD_TOKEN"])

// A bot of discord.js. All it is told by its environment is where Discord is.
const { Client, Events, GatewayIntentBits } = require("discord.js");

const { DISCORD_API_URL, DISCORD_TOKEN } = process.env;
const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: DISCORD_API_URL ? { api: DISCORD_API_URL.replace(/\/v10$/, "") } : {},
});

client.once(Events.ClientReady, () =>
    client.application.commands.set([
        {
            name: "roll",
            description: "Roll a die",
            options: [{ name: "sides", description: "How many sides?", type: 4, min_value: 2, required: true }],
        },
    ]),
);
client.on(Events.InteractionCreate, async (interaction) => {
    const sides = interaction.options.getInteger("sides");
    await interaction.reply(`You rolled a ${1 + Math.floor(Math.random() * sides)}.`);
});
client.login(DISCORD_TOKEN);

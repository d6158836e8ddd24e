// A bot as people write it with discord.js and @discordjs/voice. It is told the address, as `DISCORD_API_URL`.
const { readFileSync } = require("node:fs");
const { Readable } = require("node:stream");
const { Client, Events, GatewayIntentBits } = require("discord.js");
const voice = require("@discordjs/voice");

const frames = JSON.parse(readFileSync(process.env.FRAMES)).map((line) => Buffer.from(line, "base64"));
const silence = Buffer.from([0xf8, 0xff, 0xfe]);
const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
    rest: { api: process.env.DISCORD_API_URL.replace(/\/v10$/, "") },
});
let connection = null;
let heard = 0;

const answers = {
    async join(interaction) {
        const channel = interaction.member.voice.channel;
        connection = voice.joinVoiceChannel({
            channelId: channel.id,
            guildId: channel.guild.id,
            adapterCreator: channel.guild.voiceAdapterCreator,
            selfDeaf: false,
        });
        connection.on("error", (error) => console.error("voice:", error));
        await voice.entersState(connection, voice.VoiceConnectionStatus.Ready, 10_000);
        connection.receiver.subscribe(interaction.user.id).on("data", (packet) => {
            heard += packet.equals(silence) ? 0 : 1;
        });
        return "I am in.";
    },
    async sing() {
        await voice.entersState(connection, voice.VoiceConnectionStatus.Ready, 10_000);
        const player = voice.createAudioPlayer();
        connection.subscribe(player);
        player.play(voice.createAudioResource(Readable.from(frames), { inputType: voice.StreamType.Opus }));
        return "La la.";
    },
    async heard() {
        return String(heard);
    },
    async leave() {
        connection.destroy();
        return "Bye.";
    },
};

client.once(Events.ClientReady, () =>
    client.application.commands.set(Object.keys(answers).map((name) => ({ name, description: "As it says" }))),
);
client.on(Events.InteractionCreate, async (interaction) => {
    await interaction.deferReply();
    await interaction.editReply(await answers[interaction.commandName](interaction));
});
client.login(process.env.DISCORD_TOKEN);

// A voice assistant as people write it with discord.js, @discordjs/voice and OpenAI's library. It is told the addresses.
// The answer is spoken sentence by sentence, and the next one is asked for while one is heard.
const { Readable } = require("node:stream");
const { Client, Events, GatewayIntentBits, SlashCommandBuilder } = require("discord.js");
const { createAudioPlayer, createAudioResource, entersState, joinVoiceChannel } = require("@discordjs/voice");
const { AudioPlayerStatus, VoiceConnectionStatus } = require("@discordjs/voice");
const { OpenAI } = require("openai");

const { Guilds, GuildMessages, GuildVoiceStates, MessageContent } = GatewayIntentBits;
const client = new Client({
    intents: [Guilds, GuildMessages, GuildVoiceStates, MessageContent],
    rest: { api: process.env.DISCORD_API_URL.replace(/\/v10$/, "") },
});
const chat = new OpenAI({ baseURL: process.env.AI_BASE_URL, apiKey: "none" }).chat;
const audio = new OpenAI({ baseURL: process.env.SPEECH_BASE_URL, apiKey: "none" }).audio;
const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
const calls = new Map(); // by the text channel's id

async function join(interaction) {
    await interaction.deferReply();
    const channel = interaction.member.voice.channel;
    const connection = joinVoiceChannel({
        channelId: channel.id,
        guildId: channel.guild.id,
        adapterCreator: channel.guild.voiceAdapterCreator,
    });
    connection.on("error", (error) => console.error("voice:", error));
    // https://discordjs.guide/voice/voice-connections.html#handling-disconnects
    connection.on(VoiceConnectionStatus.Disconnected, async () => {
        try {
            await Promise.race([
                entersState(connection, VoiceConnectionStatus.Signalling, 5_000),
                entersState(connection, VoiceConnectionStatus.Connecting, 5_000),
            ]);
        } catch {
            connection.destroy();
        }
    });
    await entersState(connection, VoiceConnectionStatus.Ready, 60_000);
    const player = createAudioPlayer();
    player.on("error", (error) => console.error("player:", error));
    connection.subscribe(player);
    calls.set(interaction.channelId, { player, answered: Promise.resolve() });
    await interaction.editReply("I am in the call. Type here, and I answer out loud.");
}

async function* sentences(question) {
    const stream = await chat.completions.create({
        model: "sandbox-model",
        messages: [{ role: "user", content: question }],
        stream: true,
    });
    let text = "";
    for await (const chunk of stream) {
        text += chunk.choices[0]?.delta?.content ?? "";
        const [last, ...complete] = [...segmenter.segment(text)].map(({ segment }) => segment).reverse();
        yield* complete.reverse();
        text = last ?? "";
    }
    yield text;
}

async function play(player, speech) {
    player.play(createAudioResource(Readable.fromWeb((await speech).body)));
    await entersState(player, AudioPlayerStatus.Idle, 120_000);
}

async function answer({ player }, message) {
    const written = [];
    let spoken = Promise.resolve();
    for await (const sentence of sentences(message.cleanContent)) {
        written.push(sentence);
        if (!sentence.trim()) {
            continue;
        }
        const speech = audio.speech.create({ model: "tts-1", voice: "alloy", input: sentence.trim() });
        spoken = spoken.then(() => play(player, speech));
    }
    await message.channel.send(written.join(""));
    await spoken;
}

client.once(Events.ClientReady, () =>
    client.application.commands.set([new SlashCommandBuilder().setName("voice_chat").setDescription("Call the assistant")]),
);
client.on(Events.InteractionCreate, (interaction) => join(interaction).catch(console.error));
client.on(Events.MessageCreate, (message) => {
    const call = calls.get(message.channelId);
    if (call && !message.author.bot) {
        call.answered = call.answered.then(() => answer(call, message)).catch(console.error);
    }
});
client.login(process.env.DISCORD_TOKEN);

// A test of a bot in another language, over the control API: `node --test dice_bot.test.mjs`.
// It needs `discord-loopback` on the path, and discord.js.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const bot = fileURLToPath(new URL("dice_bot.cjs", import.meta.url));

test("a die is rolled, and the bot is found again after a lost connection", async () => {
    const loopback = spawn("discord-loopback", ["--json", "node", bot], { stdio: ["ignore", "pipe", "inherit"] });
    try {
        const [line] = await once(createInterface(loopback.stdout), "line");
        const { control_url, control_token } = JSON.parse(line);
        const ask = async (method, path, fields) => {
            const response = await fetch(control_url + path, {
                method,
                headers: { Authorization: `Bearer ${control_token}` },
                body: fields && JSON.stringify(fields),
            });
            const text = await response.text();
            assert.ok(response.ok, text);
            return text && JSON.parse(text);
        };

        const guild = await ask("POST", "/guilds", { name: "Club", text: ["general"], members: ["Ada"] });
        const channel = guild.channels[0].id;
        const ada = guild.members.find((member) => member.name === "Ada").id;
        const roll = () =>
            ask("POST", `/members/${ada}/command`, { name: "roll", channel, options: { sides: 6 } });

        await ask("GET", "/ready?wait=30");
        assert.match((await roll()).message.content, /^You rolled a [1-6]\.$/);
        await ask("POST", "/faults/request_reconnect");
        await ask("GET", "/ready?wait=30");
        assert.match((await roll()).message.content, /^You rolled a [1-6]\.$/);
        assert.deepEqual((await ask("GET", "/")).refusals, []);
    } finally {
        loopback.kill();
        await once(loopback, "exit");
    }
});

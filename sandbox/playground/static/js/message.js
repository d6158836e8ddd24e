// One message, as Discord shows it.

import { avatar, clock, h } from "./dom.js";
import { rows } from "./components.js";
import { embed } from "./embed.js";
import { markdown } from "./markdown.js";
import { report } from "./notices.js";
import { handleAnswer } from "./window.js";

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
const MESSAGE_COMMAND = 3;
const SYSTEM = { 6: "pinned a message to this channel.", 7: "joined the server.", 8: "boosted the server.", 18: "started a thread." };

/**
 * The node of a message.
 * @param {Object} message Discord's message object
 * @param {Object} parts `guild`, `connection`, and `reply`, which begins a reply to it
 */
export function messageNode(message, parts) {
  const { guild, connection } = parts;
  const author = guild.member(message.author.id);
  const name = author.name === "Somebody" ? message.author.username : author.name;
  if (message.type in SYSTEM) return h("article", { class: "system" }, h("b", {}, name), ` ${SYSTEM[message.type]}`);
  const isEphemeral = Boolean(message.flags & EPHEMERAL);
  return h("article", { class: isEphemeral ? "ephemeral" : "", "data-message": message.id },
    above(message, guild), avatar(author),
    h("div", { class: "body" },
      h("h3", {}, h("span", { class: "author" }, name), author.bot && h("span", { class: "badge" }, "APP"),
        h("time", { datetime: message.timestamp }, clock(message.timestamp))),
      message.flags & LOADING ? h("p", { class: "quiet loading" }, `${name} is thinking…`) : content(message, guild),
      (message.embeds ?? []).map((each) => embed(each, guild)), files(message), rows(message, connection, guild),
      reactions(message, connection, guild), isEphemeral && onlyYou(message, guild)),
    !isEphemeral && toolbar(message, parts));
}

function above(message, guild) {
  const { interaction_metadata: used, referenced_message: asked } = message;
  if (used?.name) return h("p", { class: "above" }, h("b", {}, guild.member(used.user.id).name), ` used /${used.name}`);
  if (message.type === 19) {
    const text = asked ? [h("b", {}, guild.member(asked.author.id).name), ` ${asked.content}`] : "Original message was deleted";
    return h("p", { class: "above" }, h("span", { class: "visually-hidden" }, "In reply to "), text);
  }
  return null;
}

function content(message, guild) {
  const text = h("div", { class: "markdown" }, markdown(message.content, guild));
  if (message.edited_timestamp) (text.lastElementChild ?? text).append(h("span", { class: "quiet small" }, " (edited)"));
  return text;
}

function files(message) {
  return (message.attachments ?? []).map((file) => (file.content_type?.startsWith("image/")
    ? h("img", { src: file.url, alt: file.description ?? file.filename, class: "attachment" })
    : h("p", { class: "file" }, "📄 ", h("a", { href: file.url, target: "_blank", rel: "noreferrer" }, file.filename),
      h("span", { class: "quiet" }, ` ${Math.ceil(file.size / 1024)} kB`))));
}

function reactions(message, connection, guild) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((each) => h("button", {
    type: "button", "data-key": `${message.id}-react-${each.emoji.name}`, "aria-label": `${each.emoji.name}, ${each.count}: add or take back`,
    on: { click: () => toggle(message, each.emoji, connection, guild) },
  }, `${each.emoji.name} ${each.count}`)));
}

async function toggle(message, emoji, connection) {
  const name = emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name;
  const mine = message.mine?.includes(name);
  await report(connection.ask("react", { message: message.id, emoji: name, on: !mine }));
}

function onlyYou(message, guild) {
  return h("p", { class: "quiet small" }, "👁 Only you can see this · ",
    h("button", { type: "button", class: "link", on: { click: () => guild.dismiss(message.id) } }, "Dismiss message"));
}

function toolbar(message, { guild, connection, reply }) {
  const isMine = message.author.id === guild.state.me;
  const apps = guild.state.commands.filter((each) => each.type === MESSAGE_COMMAND);
  const ask = (action, fields) => report(connection.ask(action, { message: message.id, ...fields }));
  const item = (label, key, click) => h("button", { type: "button", "data-key": `${message.id}-${key}`, on: { click } }, label);
  return h("div", { class: "toolbar", role: "group", "aria-label": "Message actions" },
    item("Reply", "reply", () => reply(message)),
    item("👍", "thumb", () => ask("react", { emoji: "👍", on: !message.mine?.includes("👍") })),
    isMine && item("Delete", "delete", () => ask("delete")),
    apps.map((each) => item(each.name, each.id, async () => handleAnswer(await ask("message_command", { name: each.name }), connection, guild))));
}

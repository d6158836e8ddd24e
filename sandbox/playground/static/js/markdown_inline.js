// Discord's Markdown inside a line, as nodes.

import { h } from "./dom.js";

const DEEPEST = 8;
const STYLES = [
  ["**", "strong", ""], ["__", "u", ""], ["~~", "s", ""], ["||", "spoiler", ""], ["*", "em", ""], ["_", "em", "word"],
];
const TOKEN = new RegExp([
  /\\(?<escaped>[^\w\s])/, /(?<ticks>`+)(?<code>[^]+?)(?<!`)\k<ticks>(?!`)/, /<@!?(?<user>\d+)>/, /<#(?<channel>\d+)>/,
  /<@&(?<role>\d+)>/, /<a?:(?<emoji>\w+):\d+>/, /<t:(?<time>-?\d{1,13})(?::(?<style>[tTdDfFR]))?>/,
  /<\/(?<command>[^:>\n]+):\d+>/, /\[(?<label>[^\]\n]+)\]\(<?(?<link>https?:\/\/[^\s)>]+)>?\)/,
  /<(?<quiet>https?:\/\/[^\s>]+)>/, /(?<url>https?:\/\/[^\s<]+[^\s<.,:;"')\]!?])/, /@(?<everyone>everyone|here)\b/,
].map((each) => each.source).join("|"), "yu");

/** The nodes of a text; `guild` gives mentions their names. */
export function inline(text, guild, depth = 0) {
  if (depth > DEEPEST) return [text];
  const nodes = [];
  let at = 0;
  let plain = "";
  const flush = () => { if (plain) { nodes.push(plain); plain = ""; } };
  while (at < text.length) {
    const styled = stylesAt(text, at);
    TOKEN.lastIndex = at;
    const token = styled ? null : matchHere(text, at);
    if (styled) {
      flush();
      nodes.push(wrap(styled.tag, inline(styled.inner, guild, depth + 1)));
      at = styled.end;
    } else if (token) {
      flush();
      nodes.push(node(token.groups, guild, depth));
      at += token[0].length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function matchHere(text, at) {
  if (!"\\`<[h@".includes(text[at])) return null;
  TOKEN.lastIndex = at;
  const match = TOKEN.exec(text);
  return match && match.index === at ? match : null;
}

function stylesAt(text, at) {
  for (const [mark, tag, kind] of STYLES) {
    if (!text.startsWith(mark, at)) continue;
    if (kind === "word" && /\w/.test(text[at - 1] ?? "")) continue;
    const end = closing(text, at + mark.length, mark, kind);
    const inner = end > 0 ? text.slice(at + mark.length, end) : "";
    if (inner.trim() && (mark.length > 1 || inner === inner.trim())) return { tag, inner, end: end + mark.length };
  }
  return null;
}

function closing(text, from, mark, kind) {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (text[at - 1] === "\\") continue;
    while (mark.length === 2 && text[at + 2] === mark[0]) at += 1; // in ***both***, the inner one closes first
    if (mark.length === 1 && (text[at + 1] === mark || text[at - 1] === mark)) { at += 1; continue; }
    if (kind === "word" && /\w/.test(text[at + 1] ?? "")) continue;
    return at;
  }
  return -1;
}

function wrap(tag, children) {
  if (tag !== "spoiler") return h(tag, {}, children);
  const cover = h("button", { type: "button", class: "spoiler", "aria-expanded": "false", "aria-label": "Spoiler" }, children);
  cover.addEventListener("click", () => {
    cover.setAttribute("aria-expanded", "true");
    cover.removeAttribute("aria-label");
  });
  return cover;
}

function node(found, guild, depth) {
  const mention = (name) => h("span", { class: "mention" }, name);
  if (found.escaped) return found.escaped;
  if (found.code) return h("code", {}, found.code.trim() || found.code);
  if (found.user) return mention(`@${guild.member(found.user).name}`);
  if (found.channel) return channelLink(guild, found.channel);
  if (found.role) return mention(`@${guild.role(found.role)?.name ?? "unknown-role"}`);
  if (found.emoji) return `:${found.emoji}:`;
  if (found.time) return h("time", { class: "mention" }, moment(Number(found.time), found.style));
  if (found.command) return mention(`/${found.command}`);
  if (found.everyone) return mention(`@${found.everyone}`);
  const address = found.link ?? found.quiet ?? found.url;
  const label = found.label ? inline(found.label, guild, depth + 1) : address;
  return h("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, label);
}

function channelLink(guild, id) {
  const channel = guild.channelOf(id);
  if (!channel) return h("span", { class: "mention" }, "#unknown");
  const name = `${channel.is_voice ? "🔊 " : "#"}${channel.name}`;
  return h("button", { type: "button", class: "mention", on: { click: () => guild.show(id) } }, name);
}

function moment(seconds, style = "f") {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "Invalid date";
  if (style === "R") return relative(seconds - Date.now() / 1000);
  const options = {
    t: { timeStyle: "short" }, T: { timeStyle: "medium" }, d: { dateStyle: "short" }, D: { dateStyle: "long" },
    f: { dateStyle: "long", timeStyle: "short" }, F: { dateStyle: "full", timeStyle: "short" },
  };
  return date.toLocaleString([], options[style]);
}

function relative(seconds) {
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return format.format(Math.round(seconds), "second");
}

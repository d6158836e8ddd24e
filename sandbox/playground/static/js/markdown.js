// Discord's Markdown, as nodes: code blocks, headings, quotes, lists and small print; lines are `markdown_inline`'s.

import { h } from "./dom.js";
import { inline } from "./markdown_inline.js";

const FENCE = /```(?:(?<language>[\w+-]*)\n)?(?<code>[^]+?)```/g;
const DEEPEST_QUOTE = 1;

/** The nodes of a message's text; `guild` gives mentions their names. */
export function markdown(text, guild, depth = 0) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(FENCE)) {
    nodes.push(...blocks(text.slice(end, match.index), guild, depth));
    nodes.push(h("pre", { tabindex: "0" }, h("code", {}, match.groups.code.replace(/\n$/, ""))));
    end = match.index + match[0].length;
  }
  nodes.push(...blocks(text.slice(end), guild, depth));
  return nodes;
}

function blocks(text, guild, depth) {
  const lines = text.split("\n");
  const nodes = [];
  let paragraph = [];
  const flush = () => {
    while (paragraph.length && !paragraph[0].trim()) paragraph.shift();
    if (paragraph.length) nodes.push(h("p", {}, inline(paragraph.join("\n").trimEnd(), guild)));
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const block = heading(lines[at], guild) ?? quote(lines, at, guild, depth) ?? list(lines, at, guild);
    if (block) {
      flush();
      nodes.push(block.node);
      at += block.lines - 1;
    } else {
      paragraph.push(lines[at]);
    }
  }
  flush();
  return nodes;
}

function heading(line, guild) {
  const found = /^(?<mark>#{1,3}|-#) +(?<text>\S.*)$/.exec(line);
  if (!found) return null;
  const { mark, text } = found.groups;
  // No heading of the page: a message is no section of it, so the level is only a look.
  const node = mark === "-#" ? h("small", {}, inline(text, guild)) : h("p", { class: `heading-${mark.length}` }, inline(text, guild));
  return { node, lines: 1 };
}

function quote(lines, at, guild, depth) {
  if (depth >= DEEPEST_QUOTE) return null;
  if (lines[at].startsWith(">>> ")) {
    const rest = [lines[at].slice(4), ...lines.slice(at + 1)];
    return { node: h("blockquote", {}, markdown(rest.join("\n"), guild, depth + 1)), lines: rest.length };
  }
  const quoted = takeWhile(lines.slice(at), (line) => line.startsWith("> "));
  if (!quoted.length) return null;
  const inside = quoted.map((line) => line.slice(2)).join("\n");
  return { node: h("blockquote", {}, markdown(inside, guild, depth + 1)), lines: quoted.length };
}

function list(lines, at, guild) {
  const item = /^ *(?:(?<bullet>[-*])|(?<number>\d{1,9})\.) +(?<text>\S.*)$/;
  const items = takeWhile(lines.slice(at), (line) => item.test(line)).map((line) => item.exec(line).groups);
  if (!items.length) return null;
  const isOrdered = items[0].number !== undefined;
  const same = takeWhile(items, (each) => (each.number !== undefined) === isOrdered);
  const children = same.map((each) => h("li", {}, inline(each.text, guild)));
  const node = isOrdered ? h("ol", { start: same[0].number }, children) : h("ul", {}, children);
  return { node, lines: same.length };
}

function takeWhile(items, accepts) {
  const end = items.findIndex((each) => !accepts(each));
  return end < 0 ? items : items.slice(0, end);
}

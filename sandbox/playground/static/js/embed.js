// An embed: a card with a colored edge.

import { h } from "./dom.js";
import { markdown } from "./markdown.js";

const isWeb = (address) => /^https?:\/\//.test(address ?? "");

/** The node of one embed. */
export function embed(data, guild) {
  const card = h("div", { class: "embed" },
    data.author && h("p", { class: "small" }, link(data.author.name, data.author.url)),
    data.title && h("p", { class: "title" }, link(data.title, data.url)),
    data.description && h("div", { class: "markdown" }, markdown(data.description, guild)),
    data.fields?.length > 0 && h("dl", {}, data.fields.map((each) => h("div", { class: each.inline ? "inline" : "" },
      h("dt", {}, each.name), h("dd", { class: "markdown" }, markdown(each.value, guild))))),
    data.footer && h("p", { class: "small quiet" }, data.footer.text,
      data.timestamp && ` • ${new Date(data.timestamp).toLocaleString()}`));
  if (Number.isInteger(data.color)) card.style.borderLeftColor = `#${data.color.toString(16).padStart(6, "0")}`;
  return card;
}

function link(text, address) {
  return isWeb(address) ? h("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, text) : text;
}

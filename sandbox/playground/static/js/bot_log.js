// The bot's log, line by line as it is written.

import { h } from "./dom.js";

const MOST_LINES = 300;
const NEAR_END_PIXELS = 40;
const LINE = /^\d{4}-\d\d-\d\d (\d\d:\d\d:\d\d\.\d{3}) ([A-Z]+) (\S+) {1,2}(.*)$/;

export class BotLog {
  /** @param {Element} place scrolls */
  constructor(place) {
    this.place = place;
  }

  clear() { this.place.replaceChildren(); }

  add(lines) {
    const { place } = this;
    const isAtEnd = place.scrollHeight - place.scrollTop - place.clientHeight < NEAR_END_PIXELS;
    place.append(...lines.slice(-MOST_LINES).map(lineNode));
    while (place.children.length > MOST_LINES) place.firstElementChild.remove();
    if (isAtEnd) place.scrollTop = place.scrollHeight;
  }
}

function lineNode(line) {
  const [, time, level, logger, text] = LINE.exec(line) ?? [];
  if (!time) return h("p", { class: "quiet" }, line);
  return h("p", { class: level.toLowerCase(), title: logger }, h("span", { class: "quiet" }, `${time} `),
    level !== "INFO" && h("b", {}, `${level} `), text);
}

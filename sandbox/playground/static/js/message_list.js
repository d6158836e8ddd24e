// The chat of the channel that is open.

import { fill, h } from "./dom.js";
import { messageNode } from "./message.js";

const TYPING_MS = 10_000;
const NEAR_END_PIXELS = 80;

export class MessageList {
  #isAtEnd = true;
  #size = "";

  /** @param {Object} parts `guild`, `connection`, and `reply`, which begins a reply to a message */
  constructor(parts) {
    this.parts = parts;
    this.place = document.getElementById("messages");
    this.typing = document.getElementById("typing");
    this.nodes = new Map();
    this.typers = new Map();
    const { guild, connection } = parts;
    guild.addEventListener("messages", () => this.draw());
    guild.addEventListener("opened", () => this.reopen());
    guild.addEventListener("state", () => this.#nameChannel());
    connection.addEventListener("typing", ({ detail }) => this.#take(detail));
    this.place.addEventListener("scroll", () => this.#noteScroll());
    new ResizeObserver(() => {
      this.#size = this.#sizeNow();
      this.#stayAtEnd();
    }).observe(this.place);
    setInterval(() => this.#drawTyping(), 1000);
  }

  /** Another channel is shown: nothing of it is read out as news. */
  reopen() {
    this.place.setAttribute("aria-live", "off");
    this.#isAtEnd = true;
    this.nodes.clear();
    this.draw();
    this.#nameChannel();
    this.#drawTyping();
    setTimeout(() => this.place.setAttribute("aria-live", "polite"), 200);
  }

  draw() {
    const { place, parts } = this;
    if (!parts.guild.state) return;
    const shown = parts.guild.shown;
    const before = this.nodes;
    this.nodes = new Map(shown.map((message) => [message.id, this.#node(message, before.get(message.id))]));
    const wanted = [...this.nodes.values()].map((each) => each.node);
    for (const child of [...place.children]) if (!wanted.includes(child)) this.#remove(child, wanted);
    wanted.forEach((node, index) => {
      if (place.children[index] !== node) place.insertBefore(node, place.children[index] ?? null);
    });
    for (const message of shown) if (!before.has(message.id)) this.typers.delete(`${message.channel_id} ${message.author.id}`);
    this.#stayAtEnd();
  }

  #sizeNow() { return `${this.place.clientWidth}x${this.place.clientHeight}`; }

  #noteScroll() {
    const { place } = this;
    // What a resize makes of an earlier scroll is nobody's wish.
    if (this.#sizeNow() === this.#size) this.#isAtEnd = place.scrollHeight - place.scrollTop - place.clientHeight < NEAR_END_PIXELS;
  }

  /** Who reads the newest message goes on with the next one; who has scrolled up is left there. */
  #stayAtEnd() {
    if (this.#isAtEnd) this.place.scrollTop = this.place.scrollHeight;
  }

  #node(message, before) {
    const json = JSON.stringify(message);
    if (before?.json === json) return before;
    const node = messageNode(message, this.parts);
    // What grows while it is spoken is not read out again and again.
    if (before && message.content.startsWith(before.content)) node.setAttribute("aria-live", "off");
    const key = before?.node.contains(document.activeElement) && document.activeElement.dataset.key;
    if (before && before.node.isConnected) {
      before.node.replaceWith(node);
      if (key) node.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
    }
    return { json, node, content: message.content };
  }

  #remove(child) {
    if (child.contains(document.activeElement)) this.place.focus();
    child.remove();
  }

  #nameChannel() {
    const channel = this.parts.guild.channel;
    const name = channel ? `${channel.is_voice ? "🔊 " : "# "}${channel.name}` : "";
    document.getElementById("channel-title").textContent = name;
    document.title = `${channel?.name ?? "Playground"} · ${this.parts.guild.me.name}`;
    this.place.setAttribute("aria-label", `Messages in ${channel?.name ?? ""}`);
  }

  #take({ channel, user }) {
    this.typers.set(`${channel} ${user}`, performance.now());
    this.#drawTyping();
  }

  #drawTyping() {
    const { guild } = this.parts;
    const now = performance.now();
    for (const [key, since] of this.typers) if (now - since > TYPING_MS) this.typers.delete(key);
    const names = [...this.typers.keys()].map((key) => key.split(" ")).filter(([channel]) => channel === guild.open)
      .map(([, user]) => guild.member(user).name);
    const text = names.length ? `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} typing…` : "";
    if (this.typing.textContent !== text) fill(this.typing, text && h("span", {}, text));
  }
}

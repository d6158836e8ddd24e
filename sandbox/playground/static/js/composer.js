// Where one types: a message, or "/" for a command.

import { CommandPicker } from "./command_picker.js";
import { fill, h } from "./dom.js";
import { report } from "./notices.js";
import { OptionForm } from "./option_form.js";
import { handleAnswer } from "./window.js";

const TYPING_MS = 8000;
const MOST_CHARACTERS = 2000;

export class Composer {
  constructor(guild, connection) {
    this.guild = guild;
    this.connection = connection;
    this.place = document.getElementById("composer");
    this.typed = 0;
    this.replyTo = null;
    this.text = h("textarea", {
      id: "composer-text", rows: "1", maxlength: MOST_CHARACTERS, autocomplete: "off", "aria-describedby": "composer-hint",
      on: { keydown: (event) => this.#press(event), input: () => this.#input() },
    });
    this.picker = new CommandPicker(this.text, guild, (chosen) => this.#compose(chosen));
    this.reply = h("div", { class: "replying", hidden: true });
    const send = h("button", { type: "submit", class: "icon", "aria-label": "Send" }, "➤");
    this.form = h("form", { class: "composer", on: { submit: (event) => { event.preventDefault(); this.#send(); } } },
      this.picker.list, this.reply, h("div", { class: "box" }, this.text, send),
      h("p", { id: "composer-hint", class: "visually-hidden" }, "Enter sends. A slash lists the commands."));
    fill(this.place, this.form);
    for (const event of ["state", "opened"]) guild.addEventListener(event, () => this.#label());
  }

  /** Begin a reply to a message. */
  replyingTo(message) {
    this.replyTo = message;
    this.reply.hidden = !message;
    if (message) {
      fill(this.reply, h("span", {}, `Replying to ${this.guild.member(message.author.id).name}`),
        h("button", { type: "button", class: "icon", "aria-label": "Do not reply", on: { click: () => this.replyingTo(null) } }, "✕"));
    }
    this.text.focus();
  }

  #label() {
    const { channel } = this.guild;
    if (!channel) return;
    const label = channel.may_write ? `Message ${channel.is_voice ? "🔊 " : "#"}${channel.name}` : "You cannot write here.";
    this.text.placeholder = label;
    this.text.setAttribute("aria-label", label);
    this.text.disabled = !channel.may_write;
  }

  #press(event) {
    if (event.isComposing || this.picker.press(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape" && this.replyTo) {
      this.replyingTo(null);
    }
  }

  #input() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    this.picker.update();
    const now = performance.now();
    if (this.text.value.trim() && !this.text.value.startsWith("/") && now - this.typed > TYPING_MS) {
      this.typed = now;
      this.connection.ask("typing", { channel: this.guild.open }).catch(() => { /* a message says what is wrong */ });
    }
  }

  async #send() {
    const content = this.text.value;
    if (!content.trim()) return;
    const fields = { content, channel: this.guild.open, reply_to: this.replyTo?.id };
    const sent = await report(this.connection.ask("type", fields));
    if (!sent) return;
    if (this.text.value === content) this.text.value = "";
    this.typed = 0;
    this.replyingTo(null);
    this.#input();
  }

  /** A command was chosen: ask for its options, or use it at once where it has none. */
  #compose({ name, options }) {
    this.text.value = "";
    this.#input();
    if (!options.length) {
      this.#use(name, {});
      return;
    }
    const form = new OptionForm({ name, options }, this.guild, this.connection);
    form.addEventListener("submitted", ({ detail }) => { this.#back(); this.#use(name, detail); });
    form.addEventListener("cancelled", () => this.#back());
    fill(this.place, form.node);
    form.focus();
  }

  #back() {
    fill(this.place, this.form);
    this.text.focus();
  }

  async #use(name, options) {
    const asked = this.connection.ask("command", { name, options, channel: this.guild.open });
    handleAnswer(await report(asked), this.connection, this.guild);
  }
}

// A field for which the bot offers choices while one types.

import { h } from "./dom.js";

const PAUSE_MS = 200;
const TEXT = 3;

export class CompletedField {
  /**
   * @param {string} id
   * @param {Object} option the option as the bot declared it
   * @param {{ask: function(string): Promise<{choices: Object[]}>}} bot what offers the choices
   */
  constructor(id, option, { ask }) {
    this.option = option;
    this.ask = ask;
    this.offered = [];
    this.chosen = null;
    this.index = -1;
    this.timer = 0;
    this.input = h("input", {
      id, type: "text", role: "combobox", "aria-autocomplete": "list", "aria-controls": `${id}-list`, "aria-expanded": "false",
      autocomplete: "off", required: option.required,
      on: { input: () => this.#typed(), focus: () => this.#typed(), keydown: (event) => this.#press(event), blur: () => this.#show([]) },
    });
    this.list = h("ul", { id: `${id}-list`, role: "listbox", "aria-label": option.name, class: "picker", hidden: true });
  }

  /** What was chosen, or else what was typed; undefined where the field is empty. */
  value() {
    const typed = this.input.value;
    if (typed === "") return undefined;
    if (this.chosen?.name === typed) return this.chosen.value;
    return this.option.type === TEXT ? typed : Number(typed);
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const typed = this.input.value;
      const answer = await this.ask(typed).catch(() => ({ choices: [] }));
      if (this.input.value === typed && document.activeElement === this.input) this.#show(answer.choices);
    }, PAUSE_MS);
  }

  #press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!this.offered.length || !(step || ["Enter", "Escape"].includes(event.key))) return;
    if (event.key === "Enter" && this.index < 0) return;
    event.preventDefault();
    if (step) {
      this.index = (this.index + step + this.offered.length) % this.offered.length;
      this.#draw();
    } else if (event.key === "Enter") {
      this.#choose(this.offered[this.index]);
    } else {
      this.#show([]);
    }
  }

  #choose(choice) {
    this.chosen = choice;
    this.input.value = choice.name;
    this.#show([]);
  }

  #show(choices) {
    this.offered = choices;
    this.index = -1;
    this.#draw();
  }

  #draw() {
    const isOpen = this.offered.length > 0;
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.list.replaceChildren(...this.offered.map((each, index) => h("li", {
      id: `${this.input.id}-${index}`, role: "option", "aria-selected": String(index === this.index),
      on: { mousedown: (event) => event.preventDefault(), click: () => this.#choose(each) },
    }, each.name)));
    if (this.index >= 0) this.input.setAttribute("aria-activedescendant", `${this.input.id}-${this.index}`);
    else this.input.removeAttribute("aria-activedescendant");
    this.list.children[this.index]?.scrollIntoView({ block: "nearest" });
  }
}

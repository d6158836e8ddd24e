// The list of slash commands above the message box: a listbox that the box keeps the focus of (ARIA's combobox).

import { h } from "./dom.js";

const SLASH = 1;
const SUBCOMMAND = 1;
const GROUP = 2;
const MOST_SHOWN = 25;

export class CommandPicker {
  /**
   * @param {HTMLTextAreaElement} box
   * @param {Guild} guild
   * @param {function({name, options})} choose takes the chosen command, whose name has its subcommand
   */
  constructor(box, guild, choose) {
    this.box = box;
    this.guild = guild;
    this.choose = choose;
    this.offered = [];
    this.index = 0;
    this.list = h("ul", { id: "commands", role: "listbox", "aria-label": "Commands", class: "picker", hidden: true });
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "commands", "aria-expanded": "false" })) {
      box.setAttribute(name, value);
    }
  }

  /** The box has other text. */
  update() {
    const typed = this.box.value;
    const isCommand = /^\/[^\n]*$/.test(typed);
    const wanted = typed.slice(1).toLowerCase();
    this.offered = isCommand ? this.#all().filter((each) => each.name.toLowerCase().startsWith(wanted.trimEnd())).slice(0, MOST_SHOWN) : [];
    this.index = 0;
    this.#draw();
  }

  /** Take a key; true where it is for the list. */
  press(event) {
    if (this.list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.index = (this.index + step + this.offered.length) % this.offered.length;
      this.#draw();
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.choose(this.offered[this.index]);
    } else if (event.key === "Escape") {
      this.offered = [];
      this.#draw();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  #all() {
    const commands = this.guild.state?.commands.filter((each) => each.type === SLASH) ?? [];
    return commands.flatMap((each) => leaves(each.name, each)).sort((one, other) => one.name.localeCompare(other.name));
  }

  #draw() {
    const isOpen = this.offered.length > 0;
    this.list.hidden = !isOpen;
    this.box.setAttribute("aria-expanded", String(isOpen));
    this.list.replaceChildren(...this.offered.map((each, index) => h("li", {
      id: `command-${index}`, role: "option", "aria-selected": String(index === this.index),
      // The box keeps the focus: a press of the mouse must not take it away.
      on: { mousedown: (event) => event.preventDefault(), click: () => this.choose(each) },
    }, h("b", {}, `/${each.name}`), h("span", { class: "quiet" }, ` ${each.description}`))));
    if (isOpen) this.box.setAttribute("aria-activedescendant", `command-${this.index}`);
    else this.box.removeAttribute("aria-activedescendant");
    this.list.children[this.index]?.scrollIntoView({ block: "nearest" });
  }
}

/** What can be used of a command: itself, or each of its subcommands. */
function leaves(name, form) {
  const options = form.options ?? [];
  const inner = options.filter((each) => each.type === SUBCOMMAND || each.type === GROUP);
  if (!inner.length) return [{ name, options, description: form.description }];
  return inner.flatMap((each) => leaves(`${name} ${each.name}`, each));
}

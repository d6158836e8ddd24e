// The options of a slash command, one field each; those that the bot completes offer a list while one types.

import { CompletedField } from "./completed_field.js";
import { h } from "./dom.js";

const INTEGER = 4;
const BOOLEAN = 5;
const NUMBER = 10;
const FILE = 11;
const NAMED = {
  6: (guild) => guild.state.members, 7: (guild) => guild.state.channels, 8: (guild) => guild.state.roles,
  9: (guild) => [...guild.state.members, ...guild.state.roles],
};

export class OptionForm extends EventTarget {
  /** @param {{name: string, options: Object[]}} command */
  constructor(command, guild, connection) {
    super();
    this.command = command;
    this.fields = command.options.filter((each) => each.type !== FILE).map((option) => this.#field(option, guild, connection));
    const cancel = h("button", { type: "button", on: { click: () => this.dispatchEvent(new Event("cancelled")) } }, "Cancel");
    this.node = h("form", {
      class: "composer options", "aria-label": `Options of /${command.name}`,
      on: {
        submit: (event) => this.#submit(event),
        keydown: (event) => { if (event.key === "Escape" && !event.defaultPrevented) cancel.click(); },
      },
    }, h("p", { class: "title" }, h("b", {}, `/${command.name}`)), this.fields.map((each) => each.node),
    h("div", { class: "buttons" }, cancel, h("button", { type: "submit", class: "primary" }, "Send")));
  }

  focus() { this.fields[0]?.input.focus(); }

  /** What is filled in, by name; of all options, or of all but one. */
  values(but = null) {
    const filled = this.fields.filter((each) => each.option.name !== but).map((each) => [each.option.name, each.value()]);
    return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
  }

  #submit(event) {
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("submitted", { detail: this.values() }));
  }

  #field(option, guild, connection) {
    const id = `option-${option.name}`;
    const completed = option.autocomplete ? new CompletedField(id, option, {
      ask: (typed) => connection.ask("autocomplete", {
        name: this.command.name, channel: guild.open, option: option.name, typed, options: this.values(option.name),
      }),
    }) : null;
    const input = completed?.input ?? plainInput(id, option, guild);
    const value = () => (completed ? completed.value() : read(input.value, option));
    const label = h("label", { for: id }, option.name, option.required ? "" : h("span", { class: "quiet" }, " (optional)"));
    const hint = h("p", { class: "quiet small", id: `${id}-hint` }, option.description);
    input.setAttribute("aria-describedby", `${id}-hint`);
    return { option, input, value, node: h("div", { class: "field" }, label, input, completed?.list, hint) };
  }
}

function plainInput(id, option, guild) {
  if (option.choices?.length) return list(id, option, option.choices.map((each) => [String(each.value), each.name]));
  if (option.type === BOOLEAN) return list(id, option, [["true", "True"], ["false", "False"]]);
  if (option.type in NAMED) return list(id, option, NAMED[option.type](guild).map((each) => [each.id, each.name]));
  if (option.type === INTEGER || option.type === NUMBER) {
    return h("input", {
      id, type: "number", step: option.type === INTEGER ? "1" : "any", min: option.min_value, max: option.max_value, required: option.required,
    });
  }
  return h("input", { id, type: "text", required: option.required, minlength: option.min_length, maxlength: option.max_length, autocomplete: "off" });
}

function list(id, option, choices) {
  return h("select", { id, required: option.required }, h("option", { value: "" }, ""),
    choices.map(([value, label]) => h("option", { value }, label)));
}

/** A field's text as the option's type; undefined where nothing is filled in. */
function read(text, option) {
  if (text === "") return undefined;
  if (option.type === BOOLEAN) return text === "true";
  return option.type === INTEGER || option.type === NUMBER ? Number(text) : text;
}

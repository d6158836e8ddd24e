// The window with fields that a bot opens, and what else an answer to a command or click brings.

import { h } from "./dom.js";
import { selectMenu } from "./select_menu.js";
import { notice, report } from "./notices.js";

const TEXT = 4;
const LABEL = 18;
const LONG = 2;

/** Show what came of a command or a click; its messages come by themselves. */
export function handleAnswer(answer, connection, guild) {
  if (answer?.failed) notice(answer.failed);
  if (answer?.modal) openWindow(answer, connection, guild);
}

function openWindow({ modal, number }, connection, guild) {
  const dialog = document.getElementById("window");
  const fields = modal.components.map((part) => field(part, guild)).filter(Boolean);
  const cancel = h("button", { type: "button", on: { click: () => dialog.close() } }, "Cancel");
  const form = h("form", {}, h("h2", { id: "window-title" }, modal.title), fields.map((each) => each.node),
    h("div", { class: "buttons" }, cancel, h("button", { type: "submit", class: "primary" }, "Submit")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answers = Object.fromEntries(fields.filter((each) => each.id).map((each) => [each.id, each.value()]));
    dialog.close();
    handleAnswer(await report(connection.ask("submit", { modal: number, answers })), connection, guild);
  });
  dialog.replaceChildren(form);
  dialog.showModal();
}

function field(part, guild) {
  const component = part.type === LABEL ? part.component : part.components?.[0];
  if (!component) return part.content ? { node: h("p", {}, part.content) } : null;
  const id = `field-${component.id}`;
  const isText = component.type === TEXT;
  const input = isText ? textField(component, id) : selectMenu(component, guild, id);
  const value = isText ? () => input.value : () => [...input.selectedOptions].map((each) => each.value).filter(Boolean);
  const label = h("label", { for: id }, part.label ?? component.label, component.required === false && " (optional)");
  const note = part.description && h("p", { class: "quiet" }, part.description);
  return { id: component.custom_id, value, node: h("div", { class: "field" }, label, note, input) };
}

function textField(component, id) {
  const shared = {
    id, maxlength: component.max_length, minlength: component.min_length, required: component.required !== false,
    placeholder: component.placeholder,
  };
  const input = component.style === LONG ? h("textarea", { ...shared, rows: "4" }) : h("input", { ...shared, type: "text" });
  input.value = component.value ?? "";
  return input;
}

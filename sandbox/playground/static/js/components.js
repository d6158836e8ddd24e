// The rows of buttons and menus below a message.

import { h } from "./dom.js";
import { report } from "./notices.js";
import { selectMenu } from "./select_menu.js";
import { handleAnswer } from "./window.js";

const BUTTON = 2;
const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary" };
const LINK = 5;

/** The rows of a message's components. */
export function rows(message, connection, guild) {
  return (message.components ?? []).map((row) => h("div", { class: "components" },
    (row.components ?? []).map((each) => (each.type === BUTTON
      ? button(each, message, connection, guild) : menu(each, message, connection, guild)))));
}

function button(component, message, connection, guild) {
  const text = [component.emoji?.name && `${component.emoji.name} `, component.label];
  if (component.style === LINK) {
    return h("a", { class: "button secondary", href: component.url, target: "_blank", rel: "noreferrer noopener" }, text);
  }
  return h("button", {
    type: "button", class: STYLES[component.style], disabled: component.disabled === true,
    "data-key": `${message.id}-${component.custom_id}`,
    on: { click: (event) => use(event.currentTarget, "click", { message: message.id, custom_id: component.custom_id }, connection, guild) },
  }, text);
}

function menu(component, message, connection, guild) {
  const id = `menu-${message.id}-${component.id}`;
  const list = selectMenu(component, guild, id);
  list.setAttribute("aria-label", component.placeholder ?? "Make a selection");
  const send = () => {
    const values = [...list.selectedOptions].map((each) => each.value).filter(Boolean);
    return use(list, "select", { message: message.id, custom_id: component.custom_id, values }, connection, guild);
  };
  if (!list.multiple) {
    list.addEventListener("change", send);
    return list;
  }
  return h("span", { class: "row" }, list, h("button", { type: "button", class: "secondary", on: { click: send } }, "Choose"));
}

async function use(control, action, fields, connection, guild) {
  control.setAttribute("aria-busy", "true");
  const answer = await report(connection.ask(action, fields));
  control.removeAttribute("aria-busy");
  handleAnswer(answer, connection, guild);
}

// A button that lets something go wrong.

import { h } from "./dom.js";

/**
 * @param {Object} fault as `FaultPanel.view` tells it
 * @param {function(string)} press takes its name
 */
export function faultButton({ name, label, hint, lasts, on, busy }, press) {
  return h("button", {
    type: "button", class: "fault", "data-key": `fault-${name}`, "aria-label": label, "aria-describedby": `fault-${name}`,
    "aria-pressed": lasts && String(on), "aria-busy": String(busy), on: { click: () => press(name) },
  }, h("b", {}, label), h("span", { id: `fault-${name}` }, hint));
}

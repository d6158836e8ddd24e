// A turn, from the question to the end of the answer: what took how long, as a table with bars.

import { h } from "./dom.js";

const LEAST_PERCENT = 0.7;

/** @param {Object} turn as `TurnTimeline.view` tells it; its times are seconds from the end of the question */
export function turnNode({ id, steps, more, first_sound: firstSound }) {
  const from = Math.min(...steps.map((each) => each.from));
  const to = Math.max(...steps.map((each) => each.to ?? each.from), from + 0.1);
  const [question] = steps;
  return h("table", { class: "turn", "data-turn": id },
    h("caption", {}, h("b", {}, question.label), firstSound === null ? "" : ` · first sound after ${firstSound.toFixed(2)} s`),
    h("thead", { class: "visually-hidden" }, h("tr", {}, ["Step", "Seconds", "When"].map((each) => h("th", { scope: "col" }, each)))),
    h("tbody", {}, steps.map((step) => row(step, from, to))),
    more > 0 && h("tfoot", {}, h("tr", {}, h("td", { colspan: "3", class: "quiet" }, `and ${more} more`))));
}

function row(step, from, to) {
  const bar = h("span", { class: `bar ${step.kind}${step.to === null ? " open" : ""}` });
  const end = step.to ?? to;
  bar.style.left = `${(100 * (step.from - from)) / (to - from)}%`;
  bar.style.width = `${Math.max(LEAST_PERCENT, (100 * (end - step.from)) / (to - from))}%`;
  return h("tr", {},
    h("th", { scope: "row" }, step.label, step.text && h("span", { class: "text" }, step.text)),
    h("td", { class: "seconds" }, seconds(step)),
    h("td", { class: "lane", "aria-hidden": "true" }, bar));
}

function seconds({ from, to }) {
  if (to === null) return `${from.toFixed(2)} –`;
  return to - from < 0.01 ? from.toFixed(2) : `${from.toFixed(2)} – ${to.toFixed(2)}`;
}

// What went wrong, told where a screen reader hears it at once.

import { h } from "./dom.js";

const SHOWN_MS = 8000;

/** Show a sentence for a while. */
export function notice(text) {
  const close = h("button", { type: "button", class: "icon", "aria-label": "Dismiss" }, "✕");
  const box = h("div", { class: "notice" }, h("span", {}, text), close);
  close.addEventListener("click", () => box.remove());
  document.getElementById("notices").append(box);
  setTimeout(() => box.remove(), SHOWN_MS);
}

/** Show why something that was asked for did not happen. */
export async function report(promise) {
  try {
    return await promise;
  } catch (error) {
    notice(error.message);
    return null;
  }
}

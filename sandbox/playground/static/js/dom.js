// Builds nodes. Foreign text only ever becomes a text node, so nothing in it can be markup.

/**
 * Make an element.
 * @param {string} tag its name
 * @param {Object} props attributes; `on` holds listeners by event, `class` the classes; false and null are left out
 * @param {...(Node|string|null|false|Array)} children
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((each) => each !== null && each !== false && each !== undefined));
  return element;
}

/** Replace what is in an element; the keyboard's focus stays on the part with the same `data-key`. */
export function fill(element, ...children) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

const COLORS = ["#4752c4", "#a3326b", "#1f7a45", "#9a5b00", "#0f6f8a", "#8a3ab9", "#b3382c", "#57606f"];

/** A person's first letter in a circle, whose color is always the same for a name. */
export function avatar(user) {
  const color = COLORS[[...user.name].reduce((hash, each) => (hash * 31 + each.codePointAt(0)) >>> 0, 7) % COLORS.length];
  const circle = h("span", { class: "avatar", "aria-hidden": "true" }, [...user.name][0]?.toUpperCase() ?? "?");
  circle.style.background = color;
  return circle;
}

/** A time of the day. */
export function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

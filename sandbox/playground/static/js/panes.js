// The panes at the sides: a narrow window shows them over the chat, when they are asked for.

const NARROW = matchMedia("(max-width: 760px)");

export class Pane extends EventTarget {
  /** A button shows and hides the pane. In a narrow window it is hidden first, and once a channel was opened from it. */
  constructor(buttonId, paneId, guild, { isOpen = true } = {}) {
    super();
    this.button = document.getElementById(buttonId);
    this.node = document.getElementById(paneId);
    this.button.addEventListener("click", () => this.show(this.node.hidden));
    NARROW.addEventListener("change", () => this.show(isOpen && !NARROW.matches));
    guild.addEventListener("opened", () => { if (NARROW.matches) this.show(false); });
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !NARROW.matches) return;
      this.show(false);
      this.button.focus();
    });
    this.show(isOpen && !NARROW.matches);
  }

  get isNarrow() { return NARROW.matches; }

  show(isShown) {
    if (this.node.hidden === !isShown && this.button.getAttribute("aria-expanded") === String(isShown)) return;
    this.node.hidden = !isShown;
    this.button.setAttribute("aria-expanded", String(isShown));
    this.dispatchEvent(new CustomEvent("shown", { detail: isShown }));
  }
}

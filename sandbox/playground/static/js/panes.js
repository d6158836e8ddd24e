// The panes at the sides. In a narrow window they are over the chat, and shown only when they are asked for.

const NARROW = matchMedia("(max-width: 760px)");

export class Pane extends EventTarget {
  /**
   * A button shows and hides the pane.
   * @param {?function(): boolean} isWanted whether a wide window shows it by itself; null: no window does
   */
  constructor(buttonId, paneId, guild, isWanted = () => true) {
    super();
    this.button = document.getElementById(buttonId);
    this.node = document.getElementById(paneId);
    this.button.addEventListener("click", () => {
      this.show(!this.isShown);
      if (this.isShown && NARROW.matches) this.node.focus(); // it covers the rest
    });
    if (isWanted) NARROW.addEventListener("change", () => this.show(!NARROW.matches && isWanted()));
    guild.addEventListener("opened", () => { if (NARROW.matches) this.show(false); });
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !NARROW.matches) return;
      this.show(false);
      this.button.focus();
    });
    this.show(!NARROW.matches && isWanted !== null);
  }

  get isShown() { return !this.node.hidden; }
  get isNarrow() { return NARROW.matches; }

  show(isShown) {
    if (this.isShown === isShown && this.button.getAttribute("aria-expanded") === String(isShown)) return;
    this.node.hidden = !isShown;
    this.button.setAttribute("aria-expanded", String(isShown));
    this.dispatchEvent(new CustomEvent("shown", { detail: isShown }));
  }
}

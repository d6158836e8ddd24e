// The panes at the sides: a narrow window shows them over the chat, one at a time, when they are asked for.

const NARROW = matchMedia("(max-width: 760px)");

/** Let a button show and hide a pane. In a narrow window it is hidden first, and once a channel was opened from it. */
export function showPane(buttonId, paneId, guild) {
  const button = document.getElementById(buttonId);
  const pane = document.getElementById(paneId);
  const show = (isShown) => {
    pane.hidden = !isShown;
    button.setAttribute("aria-expanded", String(isShown));
  };
  button.addEventListener("click", () => show(pane.hidden));
  NARROW.addEventListener("change", () => show(!NARROW.matches));
  guild.addEventListener("opened", () => { if (NARROW.matches) show(false); });
  pane.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !NARROW.matches) return;
    show(false);
    button.focus();
  });
  show(!NARROW.matches);
}

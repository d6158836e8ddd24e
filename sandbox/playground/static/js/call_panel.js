// Below the channels: the call that the person is in, and who they are.

import { avatar, fill, h } from "./dom.js";

export class CallPanel {
  constructor(guild, call) {
    this.guild = guild;
    this.call = call;
    for (const event of ["state"]) guild.addEventListener(event, () => this.draw());
    call.addEventListener("changed", () => this.draw());
  }

  draw() {
    const { guild, call } = this;
    fill(document.getElementById("me-panel"), avatar(guild.me), h("span", { class: "name" }, guild.me.name));
    const panel = document.getElementById("voice-panel");
    panel.hidden = !guild.voice;
    if (!guild.voice) return;
    const button = (key, label, click, pressed) => h("button", {
      type: "button", "data-key": key, "aria-pressed": pressed, on: { click },
    }, label);
    fill(panel, h("p", { class: "connected" }, "Voice connected"),
      h("p", { class: "quiet small" }, `🔊 ${guild.channelOf(guild.voice.channel)?.name ?? ""}`),
      guild.voice.silenced && h("p", { class: "quiet small" }, "You may not speak here."),
      h("div", { class: "buttons" },
        !call.isHearing && button("listen", "Hear the call", () => call.listen()),
        call.microphone
          ? button("mute", "Mute", () => call.mute(!call.isMuted), String(call.isMuted))
          : button("talk", "Use the microphone", async () => { await call.listen(); await call.talk(); }),
        button("leave", "Disconnect", () => call.leave())));
  }
}

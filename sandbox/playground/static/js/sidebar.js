// The server's channels, and who is in which call.

import { avatar, fill, h } from "./dom.js";

export class Sidebar {
  /**
   * @param {Guild} guild
   * @param {Call} call joins a voice channel
   */
  constructor(guild, call) {
    this.guild = guild;
    this.call = call;
    this.place = document.getElementById("channels");
    for (const event of ["state", "opened"]) guild.addEventListener(event, () => this.draw());
    call.addEventListener("speaking", () => this.ring());
  }

  draw() {
    const { channels, guild } = this.guild.state;
    document.getElementById("guild-name").textContent = guild.name;
    const lists = [["Text channels", channels.filter((each) => !each.is_voice)], ["Voice channels", channels.filter((each) => each.is_voice)]];
    fill(this.place, lists.filter(([, each]) => each.length).map(([title, each], index) => [
      h("h2", { id: `channels-${index}` }, title),
      h("ul", { "aria-labelledby": `channels-${index}` }, each.map((channel) => this.#item(channel))),
    ]));
    this.ring();
  }

  /** Put the ring around those who are heard at this moment. */
  ring() {
    for (const item of this.place.querySelectorAll("[data-user]")) {
      const isSpeaking = this.call.isSpeaking(item.dataset.user);
      item.classList.toggle("speaking", isSpeaking);
      item.querySelector(".is-speaking").hidden = !isSpeaking;
    }
  }

  #item(channel) {
    const { guild } = this;
    const isOpen = channel.id === guild.open;
    const open = h("button", {
      type: "button", class: "channel", "data-key": `open-${channel.id}`, "aria-current": isOpen && "page",
      on: { click: () => guild.show(channel.id) },
    }, h("span", { "aria-hidden": "true" }, channel.is_voice ? "🔊" : "#"), h("span", { class: "name" }, channel.name));
    if (!channel.is_voice) return h("li", {}, open);
    const isIn = guild.voice?.channel === channel.id;
    const join = h("button", {
      type: "button", class: "join", "data-key": `join-${channel.id}`,
      "aria-label": isIn ? `Leave ${channel.name}` : `Join ${channel.name}`,
      on: { click: () => (isIn ? this.call.leave() : this.call.join(channel.id)) },
    }, isIn ? "Leave" : "Join");
    const people = guild.inCall(channel.id);
    return h("li", {}, h("div", { class: "row" }, open, join),
      channel.status && h("p", { class: "status" }, channel.status),
      people.length > 0 && h("ul", { class: "call", "aria-label": `In ${channel.name}` }, people.map((each) => this.#person(each))));
  }

  #person(voice) {
    const member = this.guild.member(voice.user);
    const marks = [[voice.muted || voice.silenced, "🔇", "muted"], [voice.deaf && !member.bot, "🙉", "deafened"], [voice.camera, "📷", "camera on"]];
    return h("li", { "data-user": member.id }, avatar(member), h("span", { class: "name" }, member.name),
      h("span", { class: "is-speaking visually-hidden", hidden: true }, "is speaking"),
      marks.filter(([is]) => is).map(([, sign, text]) => h("span", { role: "img", "aria-label": text }, sign)));
  }
}

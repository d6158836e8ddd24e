// The list of members, and what can be done with one of them.

import { avatar, fill, h } from "./dom.js";
import { notice, report } from "./notices.js";
import { handleAnswer } from "./window.js";

const MEMBER_COMMAND = 2;

export class Members {
  constructor(guild, connection) {
    this.guild = guild;
    this.connection = connection;
    this.place = document.getElementById("members");
    this.form = h("form", { class: "add-person", on: { submit: (event) => this.#add(event) } },
      h("label", { for: "new-person" }, "Add a person"),
      h("input", { id: "new-person", "data-key": "new-person", maxlength: "32", autocomplete: "off", placeholder: "Name" }),
      h("button", { type: "submit", "data-key": "add-person" }, "Open as a new tab"));
    guild.addEventListener("state", () => this.draw());
  }

  draw() {
    const { members, online } = this.guild.state;
    const people = members.filter((each) => !each.bot);
    const bots = members.filter((each) => each.bot);
    fill(this.place,
      this.#list("bots", "Apps", bots, (each) => (each.id !== this.guild.state.bot || online ? "online" : "offline")),
      this.#list("people", "People", people, () => "online"), this.form);
  }

  #list(id, title, members, stateOf) {
    return [h("h2", { id: `list-${id}` }, `${title} — ${members.length}`),
      h("ul", { "aria-labelledby": `list-${id}` }, members.map((each) => this.#item(each, stateOf(each))))];
  }

  #item(member, state) {
    const { commands, me } = this.guild.state;
    const apps = commands.filter((each) => each.type === MEMBER_COMMAND);
    return h("li", { class: state }, avatar(member), h("span", { class: "name" }, member.name),
      member.bot && h("span", { class: "badge" }, "APP"), member.id === me && h("span", { class: "quiet" }, "(you)"),
      h("span", { class: member.bot ? "presence" : "visually-hidden" }, state),
      apps.map((each) => h("button", {
        type: "button", class: "app", "data-key": `${each.id}-${member.id}`, on: { click: () => this.#use(each, member) },
      }, each.name)));
  }

  async #use(command, member) {
    const { connection, guild } = this;
    const asked = connection.ask("member_command", { name: command.name, member: member.id, channel: guild.open });
    handleAnswer(await report(asked), connection, guild);
  }

  async #add(event) {
    event.preventDefault();
    const field = document.getElementById("new-person");
    const added = await report(this.connection.ask("add_person", { name: field.value }));
    if (!added) return;
    field.value = "";
    const address = new URL(location.href);
    address.searchParams.set("person", added.person);
    if (!window.open(address, "_blank")) notice(`The browser opened no new tab. The address is ${address}`);
  }
}

// Behind the curtain: what the call is made of, and what may go wrong with it.

import { BotLog } from "./bot_log.js";
import { connectionNodes } from "./connection_state.js";
import { fill } from "./dom.js";
import { faultButton } from "./fault_button.js";
import { report } from "./notices.js";
import { turnNode } from "./turn_timeline.js";

export class Curtain {
  #connectionState = null;

  /**
   * @param {Pane} pane
   * @param {Object} parts `guild`, `call`, `connection`
   */
  constructor(pane, { guild, call, connection }) {
    this.guild = guild;
    this.call = call;
    this.connection = connection;
    this.log = new BotLog(document.getElementById("log"));
    connection.addEventListener("curtain", ({ detail }) => this.#take(detail));
    connection.addEventListener("connected", ({ detail }) => { if (detail && pane.isShown) this.#open(true); });
    pane.addEventListener("shown", ({ detail }) => this.#open(detail));
    call.addEventListener("measured", () => this.#drawConnection());
  }

  #open(isOpen) {
    if (isOpen) this.log.clear();
    this.connection.ask("curtain", { open: isOpen }).catch(() => { /* asked again once it is connected */ });
  }

  #take({ faults, turns, connection, log }) {
    if (faults) fill(document.getElementById("faults"), faults.map((each) => faultButton(each, (name) => this.#press(name))));
    if (turns) this.#drawTurns(turns);
    if (connection !== undefined) {
      this.#connectionState = connection;
      this.#drawConnection();
    }
    if (log) this.log.add(log);
  }

  async #press(name) {
    await report(this.connection.ask("fault", { name }));
  }

  #drawTurns(turns) {
    const place = document.getElementById("turns");
    if (turns.length) fill(place, turns.map(turnNode));
    else place.textContent = "Nobody has asked anything yet.";
  }

  #drawConnection() {
    fill(document.getElementById("connection"), connectionNodes(this.#connectionState, this.guild, this.call.latency?.total ?? null));
  }
}

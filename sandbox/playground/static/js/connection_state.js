// The bot's voice connection, as the voice server sees it.

import { h } from "./dom.js";

/**
 * @param {Object|null} state as `ConnectionView.view` tells it; null: there was no call yet
 * @param {Guild} guild
 * @param {number|null} latency milliseconds from the sandbox to this page's loudspeaker
 */
export function connectionNodes(state, guild, latency) {
  if (!state) return [h("p", { class: "quiet" }, "She was in no call yet.")];
  const channel = guild.channelOf(state.channel)?.name ?? "a channel that is gone";
  const facts = [
    ["State", stateOf(state, channel)],
    ["Encryption", state.dave ? `DAVE ${state.dave}, epoch ${state.epoch}, ${state.in_group} in the group` : "transport only"],
    ["Last heartbeat", state.heartbeat === null ? "none yet" : `${state.heartbeat} s ago`],
    ["Last sound", state.quiet === null ? "none yet" : `${state.quiet} s ago`],
    ["Not decrypted", `${state.undecryptable} frames`],
    latency !== null && ["Sandbox to your ear", `${Math.round(latency)} ms`],
  ];
  return [
    h("dl", { class: "facts" }, facts.filter(Boolean).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("table", { class: "connections" },
      h("thead", {}, h("tr", {}, ["Connection", "Lasted", "Ended"].map((each) => h("th", { scope: "col" }, each)))),
      h("tbody", {}, state.connections.map((each) => h("tr", {},
        h("td", {}, `${each.number}${each.resumed ? " (resumed)" : ""}`), h("td", {}, `${each.seconds} s`),
        h("td", {}, each.close_code === null ? "open" : String(each.close_code)))))),
  ];
}

function stateOf(state, channel) {
  if (!state.is_in) return "out of the call";
  return state.is_connected ? `connected to ${channel}` : `joining ${channel}`;
}

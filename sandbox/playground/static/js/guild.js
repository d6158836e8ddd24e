// What the page knows of the guild: its state, the messages, and which channel is open.

export class Guild extends EventTarget {
  /** The state as the server tells it; see `PageView.state`. */
  state = null;
  /** All messages by id, in order. */
  messages = new Map();
  /** The id of the channel that is shown. */
  open = null;

  constructor(connection) {
    super();
    connection.addEventListener("state", ({ detail }) => this.#setState(detail));
    connection.addEventListener("messages", ({ detail }) => this.#change(detail));
  }

  get me() { return this.member(this.state.me); }
  get bot() { return this.member(this.state.bot); }
  get channel() { return this.state?.channels.find((each) => each.id === this.open); }
  /** My voice state; undefined where I am in no call. */
  get voice() { return this.state?.voice.find((each) => each.user === this.state.me); }

  member(id) {
    return this.state.members.find((each) => each.id === id) ?? { id, name: "Somebody", bot: false };
  }

  role(id) { return this.state.roles.find((each) => each.id === id); }
  channelOf(id) { return this.state.channels.find((each) => each.id === id); }
  inCall(channelId) { return this.state.voice.filter((each) => each.channel === channelId); }

  /** The messages of the channel that is shown, oldest first. */
  get shown() {
    const there = [...this.messages.values()].filter((each) => each.channel_id === this.open);
    return there.sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));
  }

  show(channelId) {
    this.open = channelId;
    this.dispatchEvent(new Event("opened"));
  }

  /** Take a message off this page only, as one does with what only oneself can see. */
  dismiss(messageId) {
    this.messages.delete(messageId);
    this.dispatchEvent(new Event("messages"));
  }

  #setState(state) {
    this.state = state;
    if (!this.channel) this.open = state.channels[0]?.id ?? null;
    this.dispatchEvent(new Event("state"));
  }

  #change({ messages, gone }) {
    for (const id of gone) this.messages.delete(id);
    for (const each of messages) this.messages.set(each.id, each);
    this.dispatchEvent(new Event("messages"));
  }
}

// The call that the person is in: joined and left, microphone and loudspeaker.

import { Loudspeaker } from "./loudspeaker.js";
import { Microphone, RATE, now } from "./microphone.js";
import { notice, report } from "./notices.js";

const SPEAKING_MS = 250;
const START_MS = 3000; // Firefox waits for a sound card for ever
// Firefox 153 asks its sound server when something was heard, and now and then neither ever goes on: the tab is frozen.
const FREEZES = navigator.userAgent.includes("Firefox");

export class Call extends EventTarget {
  #context = null;
  #opening = null;
  #spoke = 0;

  constructor(guild, connection) {
    super();
    this.guild = guild;
    this.connection = connection;
    this.loudspeaker = new Loudspeaker();
    this.loudspeaker.addEventListener("speaking", () => this.dispatchEvent(new Event("speaking")));
    this.loudspeaker.addEventListener("played", ({ detail }) => this.#measure(detail));
    this.microphone = null;
    /** Milliseconds from the sandbox to the loudspeaker, in all and until it was decoded; null before any sound. */
    this.latency = null;
    connection.addEventListener("sound", ({ detail }) => this.loudspeaker.take(detail));
    guild.addEventListener("state", () => this.#follow());
  }

  get isMuted() { return this.guild.voice?.muted ?? false; }
  /** Whether the page may play: a browser wants a click first, also after the page was reloaded in a call. */
  get isHearing() { return this.#context?.state === "running"; }

  isSpeaking(user) {
    if (user === this.guild.state.me) return !this.isMuted && this.#spoke > performance.now() - SPEAKING_MS;
    return this.loudspeaker.isSpeaking(user);
  }

  async join(channel) {
    const opening = this.listen();
    if (!(await report(this.connection.ask("join", { channel })))) return;
    await opening;
    await this.talk();
  }

  async leave() {
    await report(this.connection.ask("leave"));
  }

  async mute(on) {
    await report(this.connection.ask("mute", { on }));
  }

  /** Play the call, from a click or key on. */
  async listen() {
    this.#opening ??= this.#open();
    await this.#opening;
    const started = this.#context.resume().then(() => true);
    const gaveUp = new Promise((giveUp) => { setTimeout(giveUp, START_MS, false); });
    if (!(await Promise.race([started, gaveUp]))) notice("The browser plays no sound. Has this machine a loudspeaker?");
    this.dispatchEvent(new Event("changed"));
  }

  /** Open the microphone. Without one, the person still types and hears. */
  async talk() {
    if (this.microphone) return;
    const microphone = new Microphone((sound) => this.connection.sendSound(sound));
    microphone.addEventListener("heard", () => this.#ring());
    microphone.addEventListener("failed", ({ detail }) => notice(`The microphone stopped: ${detail}`));
    try {
      await microphone.open(this.#context);
      this.microphone = microphone;
    } catch (error) {
      microphone.close();
      notice(`There is no microphone (${error.message}). You can still type, and hear the call.`);
    }
    this.dispatchEvent(new Event("changed"));
  }

  async #open() {
    this.#context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    await this.loudspeaker.open(this.#context);
  }

  /** Out of the call, for whatever reason, the microphone is closed. */
  #follow() {
    if (!this.guild.voice && this.microphone) {
      this.microphone.close();
      this.microphone = null;
      this.dispatchEvent(new Event("changed"));
    }
  }

  #ring() {
    const was = this.isSpeaking(this.guild.state.me);
    this.#spoke = performance.now();
    if (!was) this.dispatchEvent(new Event("speaking"));
    setTimeout(() => {
      if (!this.isSpeaking(this.guild.state.me)) this.dispatchEvent(new Event("speaking"));
    }, SPEAKING_MS + 20);
  }

  /** When the loudspeaker plays what is due at a time of the context. */
  #heardAt(due) {
    if (!FREEZES) {
      const { contextTime, performanceTime } = this.#context.getOutputTimestamp();
      if (contextTime) return performance.timeOrigin + performanceTime + (due - contextTime) * 1000;
    }
    return now() + (due - this.#context.currentTime + this.#context.baseLatency) * 1000;
  }

  #measure({ arrived, decoded, at }) {
    const heard = this.#heardAt(at);
    this.latency = { decoding: decoded - arrived, playing: heard - decoded, total: heard - arrived };
    this.dispatchEvent(new CustomEvent("measured", { detail: this.latency }));
  }
}

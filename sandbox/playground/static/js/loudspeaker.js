// Plays the call: each person's sound is decoded and evened out by itself.

import { RATE, now } from "./microphone.js";

const OPUS = 1;
const HEAD_BYTES = 17;
const FRAME_US = 20_000;
const SILENCE_BYTES = 3;
const SPEAKING_MS = 250;

/** "opus" where the browser decodes it, else "pcm". */
export async function soundForm() {
  if (!("AudioDecoder" in window)) return "pcm";
  const answer = await AudioDecoder.isConfigSupported({ codec: "opus", sampleRate: RATE, numberOfChannels: 2 }).catch(() => null);
  return answer?.supported ? "opus" : "pcm";
}

export class Loudspeaker extends EventTarget {
  /** Where all sound goes; tests record it. Null before `open`. */
  output = null;
  #voices = new Map();
  #until = new Map();

  /** Begin to play; a browser lets that happen only after a click or key. */
  async open(context) {
    await context.audioWorklet.addModule(new URL("playback_worklet.js", import.meta.url));
    this.output = context.createGain();
    this.output.connect(context.destination);
    this.context = context;
  }

  /** A binary message of the websocket: 20 ms of somebody. */
  take(message) {
    const head = new DataView(message);
    const kind = head.getUint8(0);
    const arrived = head.getFloat64(1);
    const user = head.getBigUint64(9).toString();
    const sound = new Uint8Array(message, HEAD_BYTES);
    if (sound.length > SILENCE_BYTES && sound.some((each) => each)) this.#ring(user);
    if (!this.output) return;
    const voice = this.#voices.get(user) ?? this.#newVoice(user);
    if (kind === OPUS) voice.decode(sound, arrived);
    else voice.play(Float32Array.from(new Int16Array(message.slice(HEAD_BYTES)), (each) => each / 32768), arrived);
  }

  isSpeaking(user) { return (this.#until.get(user) ?? 0) > performance.now(); }

  #ring(user) {
    const was = this.isSpeaking(user);
    this.#until.set(user, performance.now() + SPEAKING_MS);
    if (was) return;
    this.dispatchEvent(new Event("speaking"));
    const look = () => {
      if (this.isSpeaking(user)) setTimeout(look, SPEAKING_MS);
      else this.dispatchEvent(new Event("speaking"));
    };
    setTimeout(look, SPEAKING_MS);
  }

  #newVoice(user) {
    const voice = new Voice(this.context, this.output);
    voice.addEventListener("played", ({ detail }) => this.dispatchEvent(new CustomEvent("played", { detail })));
    this.#voices.set(user, voice);
    return voice;
  }
}

class Voice extends EventTarget {
  #decoder = null;
  #count = 0;
  #arrivals = [];

  constructor(context, output) {
    super();
    this.node = new AudioWorkletNode(context, "playback", { numberOfInputs: 0, outputChannelCount: [2] });
    this.node.port.onmessage = ({ data }) => this.dispatchEvent(new CustomEvent("played", { detail: data }));
    this.node.connect(output);
  }

  play(samples, arrived) {
    this.node.port.postMessage({ samples, arrived, decoded: now() }, [samples.buffer]);
  }

  decode(opus, arrived) {
    if (this.#decoder?.state !== "configured") this.#openDecoder();
    this.#arrivals.push(arrived);
    this.#decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: this.#count * FRAME_US, duration: FRAME_US, data: opus }));
    this.#count += 1;
  }

  #openDecoder() {
    this.#arrivals = [];
    this.#decoder = new AudioDecoder({
      output: (data) => {
        this.play(mono(data), this.#arrivals.shift() ?? 0);
        data.close();
      },
      // A frame that cannot be decoded ends the decoder; the next frame makes another one.
      error: (error) => console.warn("the call's sound could not be decoded:", error.message),
    });
    this.#decoder.configure({ codec: "opus", sampleRate: RATE, numberOfChannels: 2 });
  }
}

function mono(data) {
  const samples = new Float32Array(data.numberOfFrames);
  const plane = new Float32Array(data.numberOfFrames);
  for (let channel = 0; channel < data.numberOfChannels; channel += 1) {
    data.copyTo(plane, { planeIndex: channel, format: "f32-planar" });
    for (let at = 0; at < samples.length; at += 1) samples[at] += plane[at] / data.numberOfChannels;
  }
  return samples;
}

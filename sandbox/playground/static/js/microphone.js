// From the microphone to frames of Opus of 20 ms, or samples where the browser encodes no Opus.

export const RATE = 48_000;
const FRAME_SAMPLES = 960;
const FRAME_US = 20_000;
const OPUS = 1;
const PCM = 2;
const HEAD_BYTES = 9;
const BITS_A_SECOND = 64_000;

export class Microphone extends EventTarget {
  #stream = null;
  #encoder = null;
  #captured = 0;
  #times = new Map();

  /** @param {function(ArrayBuffer)} send takes 20 ms as they go over the websocket */
  constructor(send) {
    super();
    this.send = send;
  }

  /** Ask for the microphone and begin. Throws a DOMException where there is none, or the person says no. */
  async open(context) {
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    });
    // The context's rate holds, whatever the microphone's is: the browser resamples.
    await context.audioWorklet.addModule(new URL("capture_worklet.js", import.meta.url));
    await this.#openEncoder();
    const source = context.createMediaStreamSource(this.#stream);
    const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    capture.port.onmessage = ({ data }) => this.#take(data);
    source.connect(capture);
  }

  close() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    if (this.#encoder?.state === "configured") this.#encoder.close();
    this.#encoder = null;
  }

  async #openEncoder() {
    const config = {
      codec: "opus", sampleRate: RATE, numberOfChannels: 1, bitrate: BITS_A_SECOND,
      opus: { frameDuration: FRAME_US, application: "voip", useinbandfec: true, packetlossperc: 10 },
    };
    if (!("AudioEncoder" in window) || !(await AudioEncoder.isConfigSupported(config)).supported) return;
    this.#encoder = new AudioEncoder({
      output: (chunk) => {
        const sound = new Uint8Array(chunk.byteLength);
        chunk.copyTo(sound);
        this.#give(OPUS, this.#times.get(chunk.timestamp) ?? now(), sound);
        this.#times.delete(chunk.timestamp);
      },
      error: (error) => this.dispatchEvent(new CustomEvent("failed", { detail: error.message })),
    });
    this.#encoder.configure(config);
  }

  #take(samples) {
    if (!this.#stream) return;
    this.dispatchEvent(new Event("heard"));
    if (this.#encoder?.state !== "configured") {
      const pcm = Int16Array.from(samples, (each) => Math.max(-32768, Math.min(32767, Math.round(each * 32767))));
      this.#give(PCM, now(), new Uint8Array(pcm.buffer));
      return;
    }
    const timestamp = this.#captured * FRAME_US;
    this.#captured += 1;
    this.#times.set(timestamp, now());
    const data = new AudioData({ format: "f32-planar", sampleRate: RATE, numberOfFrames: FRAME_SAMPLES, numberOfChannels: 1, timestamp, data: samples });
    this.#encoder.encode(data);
    data.close();
  }

  #give(kind, captured, sound) {
    const message = new Uint8Array(HEAD_BYTES + sound.length);
    const head = new DataView(message.buffer);
    head.setUint8(0, kind);
    head.setFloat64(1, captured);
    message.set(sound, HEAD_BYTES);
    this.send(message.buffer);
  }
}

/** Milliseconds since 1970, finer than Date's. */
export function now() {
  return performance.timeOrigin + performance.now();
}

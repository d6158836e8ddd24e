// Runs in the audio thread: cuts what the microphone hears into 20 ms, and lets through what is loud enough.

const FRAME_SAMPLES = 960;
const THRESHOLD_DB = -50;
const HOLD_FRAMES = 15; // 300 ms, as long as Discord's clients stay open after a word

class Capture extends AudioWorkletProcessor {
  #frame = new Float32Array(FRAME_SAMPLES);
  #filled = 0;
  #held = 0;
  #before = null;

  process([[samples]]) {
    if (!samples) return true;
    for (let at = 0; at < samples.length;) {
      const count = Math.min(samples.length - at, FRAME_SAMPLES - this.#filled);
      this.#frame.set(samples.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled === FRAME_SAMPLES) this.#give();
    }
    return true;
  }

  #give() {
    const frame = this.#frame;
    this.#frame = new Float32Array(FRAME_SAMPLES);
    this.#filled = 0;
    const power = frame.reduce((sum, each) => sum + each * each, 0) / FRAME_SAMPLES;
    const wasOpen = this.#held > 0;
    this.#held = 10 * Math.log10(power + 1e-12) >= THRESHOLD_DB ? HOLD_FRAMES : this.#held - 1;
    if (this.#held <= 0) {
      this.#before = frame;
      return;
    }
    // What a word begins with is softer than the word.
    if (!wasOpen && this.#before) this.port.postMessage(this.#before, [this.#before.buffer]);
    this.#before = null;
    this.port.postMessage(frame, [frame.buffer]);
  }
}

registerProcessor("capture", Capture);

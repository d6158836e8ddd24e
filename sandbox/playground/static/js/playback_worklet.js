// Runs in the audio thread: plays one person's sound, and evens out what comes early or late.

const START_SAMPLES = 1920; // 40 ms: what the network and a busy machine are late by, now and then
const MOST_SAMPLES = 96_000;
const TAIL_QUANTA = 15; // 40 ms in which nothing more came: that was the end, and is played however short it is
const REPORT_EVERY = 50;

class Playback extends AudioWorkletProcessor {
  #pieces = [];
  #waiting = 0;
  #offset = 0;
  #isPlaying = false;
  #sinceLast = 0;
  #played = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      this.#pieces.push(data);
      this.#waiting += data.samples.length;
      this.#sinceLast = 0;
      while (this.#waiting > MOST_SAMPLES) this.#drop();
    };
  }

  process(_, [[left, right]]) {
    this.#sinceLast += 1;
    const maySoonHaveMore = this.#waiting < START_SAMPLES && this.#sinceLast < TAIL_QUANTA;
    this.#isPlaying = this.#waiting > 0 && (this.#isPlaying || !maySoonHaveMore);
    if (this.#isPlaying) this.#play(left);
    right?.set(left);
    return true;
  }

  #play(target) {
    for (let filled = 0; filled < target.length && this.#pieces.length;) {
      const { samples, arrived } = this.#pieces[0];
      if (this.#offset === 0) this.#report(arrived);
      const count = Math.min(target.length - filled, samples.length - this.#offset);
      target.set(samples.subarray(this.#offset, this.#offset + count), filled);
      filled += count;
      this.#offset += count;
      this.#waiting -= count;
      if (this.#offset === samples.length) {
        this.#pieces.shift();
        this.#offset = 0;
      }
    }
  }

  #drop() {
    this.#waiting -= this.#pieces.shift().samples.length - this.#offset;
    this.#offset = 0;
  }

  #report(arrived) {
    this.#played += 1;
    if (this.#played % REPORT_EVERY === 1) this.port.postMessage({ arrived, at: currentTime });
  }
}

registerProcessor("playback", Playback);

// Runs in the audio thread: plays one person's sound, and evens out what comes early or late.

const FRAME = 960; // samples of 20 ms
const MOST_SAMPLES = 96_000;
const LEAST_LEAD = FRAME; // what waits before the first sample is played; more once that was too little
const MOST_LEAD = 5 * FRAME;
const LEAD_STEP = FRAME / 2;
const TAIL_QUANTA = 15; // 40 ms in which nothing more came: that was the end, and is played however short it is
const WINDOW_QUANTA = 375; // a second
const CALM_WINDOWS = 10;
const REPORT_EVERY = 50;

class Playback extends AudioWorkletProcessor {
  #pieces = [];
  #waiting = 0;
  #offset = 0;
  #isPlaying = false;
  #sinceLast = 0;
  #played = 0;
  #lead = LEAST_LEAD;
  #lowest = Infinity;
  #quanta = 0;
  #calm = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (!this.#waiting && this.#sinceLast < TAIL_QUANTA) this.#ranDry();
      this.#pieces.push(data);
      this.#waiting += data.samples.length;
      this.#sinceLast = 0;
      while (this.#waiting > MOST_SAMPLES) this.#drop();
    };
  }

  process(_, [[left, right]]) {
    this.#sinceLast += 1;
    const maySoonHaveMore = this.#waiting < this.#lead && this.#sinceLast < TAIL_QUANTA;
    this.#isPlaying = this.#waiting > 0 && (this.#isPlaying || !maySoonHaveMore);
    if (this.#isPlaying) {
      this.#play(left);
      this.#catchUp(left);
    }
    right?.set(left);
    return true;
  }

  #play(target) {
    for (let filled = 0; filled < target.length && this.#pieces.length;) {
      const { samples, arrived, decoded } = this.#pieces[0];
      if (this.#offset === 0) this.#report(arrived, decoded);
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

  /** Sound that was late and then came at once would be late for ever: what always waits is left out, faded over. */
  #catchUp(target) {
    this.#lowest = Math.min(this.#lowest, this.#waiting);
    this.#quanta += 1;
    if (this.#quanta < WINDOW_QUANTA) return;
    const surplus = Math.floor((this.#lowest - this.#lead / 2) / FRAME);
    if (surplus > 0) {
      const before = target.slice();
      for (let count = 0; count < surplus; count += 1) this.#drop();
      this.#play(target);
      for (let at = 0; at < target.length; at += 1) target[at] += (before[at] - target[at]) * (1 - at / target.length);
    }
    this.#quanta = 0;
    this.#lowest = Infinity;
    this.#calm += 1;
    if (this.#calm % CALM_WINDOWS === 0) this.#lead = Math.max(LEAST_LEAD, this.#lead - LEAD_STEP);
  }

  /** There was a hole in the middle of speech. */
  #ranDry() {
    if (!this.#isPlaying) return;
    this.#isPlaying = false;
    this.#lead = Math.min(MOST_LEAD, this.#lead + LEAD_STEP);
    this.#calm = 0;
  }

  #drop() {
    this.#waiting -= this.#pieces.shift().samples.length - this.#offset;
    this.#offset = 0;
  }

  #report(arrived, decoded) {
    this.#played += 1;
    if (this.#played % REPORT_EVERY === 1) this.port.postMessage({ arrived, decoded, at: currentTime });
  }
}

registerProcessor("playback", Playback);

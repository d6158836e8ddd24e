// The websocket to the sandbox: what changed comes in, what the person does goes out, sound goes both ways.

const RETRY_MS = 1000;

export class Connection extends EventTarget {
  #socket = null;
  #number = 0;
  #waiting = new Map();

  /** @param {string} sound "opus" or "pcm": what the browser can decode */
  constructor(sound) {
    super();
    const address = new URL("socket", location.href);
    address.protocol = "ws:";
    address.search = location.search; // names the person
    address.searchParams.set("sound", sound);
    this.#open(address);
  }

  /** Do something, and return what came of it. Throws an Error with the reason where it is refused. */
  ask(action, fields = {}) {
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) {
        reject(new Error("The sandbox is not connected."));
        return;
      }
      this.#waiting.set(number, { resolve, reject });
      this.#socket.send(JSON.stringify({ ...fields, do: action, number }));
    });
  }

  /** Send 20 ms of sound; nothing where the connection is away. */
  sendSound(bytes) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  #open(address) {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.#tell("connected", true));
    socket.addEventListener("message", ({ data }) => {
      if (typeof data === "string") this.#take(JSON.parse(data));
      else this.#tell("sound", data);
    });
    socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("The connection to the sandbox is lost."));
      this.#waiting.clear();
      this.#tell("connected", false);
      setTimeout(() => this.#open(address), RETRY_MS);
    });
    this.#socket = socket;
  }

  #take(message) {
    if ("answers" in message) {
      const waiting = this.#waiting.get(message.answers);
      this.#waiting.delete(message.answers);
      if ("error" in message) waiting?.reject(new Error(message.error));
      else waiting?.resolve(message.result);
      return;
    }
    for (const kind of ["state", "messages", "typing", "curtain"]) {
      if (kind in message) this.#tell(kind, kind === "messages" ? message : message[kind]);
    }
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

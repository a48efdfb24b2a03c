/* The worker, as the page sees it: started, asked, ended when it takes too long, replaced when it dies. */
import { trusted } from "./trusted.mjs";

const NOT_LOADED = "worker.mjs, which the page needs, could not be loaded";

/** A worker with the policy of this page: that of a script from a server would be what the server says of it. The script is
    imported as it runs: what a script from a blob: imports at its head, Firefox asks the server for, and not sw.js. */
function made() {
  const script = JSON.stringify(new URL("worker.mjs", import.meta.url).href);
  const start = `import(${script}).catch((error) => postMessage({ broken: ${JSON.stringify(NOT_LOADED)}, cause: String(error) }));`;
  const address = URL.createObjectURL(new Blob([start], { type: "text/javascript" }));
  return { worker: new Worker(trusted(address), { type: "module", name: "httplint" }), address };
}

/** Runs commands, one after the other. Its `state` is "loading", "ready", "busy" or "broken".

    A worker that dies while it runs a command is replaced, and who asked for that is told; what waits behind it is
    run. One that dies before it is ready, or with nothing to do, would die again: it is broken until `retry`. */
export class Linter {
  #heard; #worker; #address; #waiting = []; #next = 0; #why;
  state = "loading";

  /** `heard`: is told { ready }, { broken: why } and { replaced: "cancelled", "died" or "broken", why }: another
      is loaded. */
  constructor(heard) {
    this.#heard = heard;
    this.#start();
  }

  #start() {
    this.state = "loading";
    const { worker, address } = made();
    this.#worker = worker;
    this.#address = address;
    worker.onmessage = ({ data }) => worker === this.#worker && this.#take(data);
    worker.onmessageerror = () => worker === this.#worker && this.#died("an answer of httplint could not be read");
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#died(this.state === "loading"
        ? NOT_LOADED : "httplint broke off", event.message);
    };
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = undefined;
    URL.revokeObjectURL(this.#address);
  }

  #take(data) {
    const [asked] = this.#waiting;
    if (data.ready) {
      URL.revokeObjectURL(this.#address);                  // what it names has been read
      this.state = "ready";
      this.#heard(data);
      this.#go();
    } else if (data.broken !== undefined) this.#died(data.broken, data.cause);
    else if (data.id !== asked?.message.id) return;
    else if ("share" in data) asked.progress?.(data.share, data.said);
    else if (data.dead) this.#died(data.failed, data.cause);
    else {
      this.#waiting.shift();
      this.state = "ready";
      if ("failed" in data) asked.reject(new Error(data.failed, { cause: data.cause }));
      else asked.resolve(data);
      this.#go();
    }
  }

  #go() {
    if (this.state !== "ready" || !this.#waiting.length) return;
    this.state = "busy";
    try {
      this.#worker.postMessage(this.#waiting[0].message);
    } catch (error) {                                      // a message that cannot be sent
      this.state = "ready";
      this.#waiting.shift().reject(error);
      this.#go();
    }
  }

  #died(why, cause) {
    const told = new Error(why, { cause });
    const busy = this.state === "busy";
    this.#end();
    if (busy) {
      const asked = this.#waiting.shift();
      this.#start();
      this.#heard({ replaced: "died", why });
      asked.reject(told);
    } else {
      this.state = "broken";
      this.#why = why;
      this.#heard({ broken: why, cause });
      for (const { reject } of this.#waiting.splice(0)) reject(told);
    }
  }

  /** What the worker answers to a message of worker.mjs; it waits until the worker is ready and has nothing else to do.
      `progress`: is told the share that is done, and what is said of it. */
  ask(message, progress) {
    if (this.state === "broken") return Promise.reject(new Error(this.#why));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message: { ...message, id: this.#next++ }, resolve, reject, progress });
      this.#go();
    });
  }

  /** Ends what is being done; all who wait for something get an AbortError. */
  cancel() {
    const waiting = this.#waiting.splice(0);
    if (this.state === "busy") {
      this.#end();
      this.#start();
      this.#heard({ replaced: "cancelled", why: "it was cancelled" });
    }
    for (const { reject } of waiting) reject(new DOMException("it was cancelled", "AbortError"));
  }

  /** Loads a broken worker again. */
  retry() {
    if (this.state !== "broken") return;
    this.#start();
    this.#heard({ replaced: "broken", why: this.#why });
  }
}

/* The worker, as the page sees it: started, asked, ended when it takes too long, replaced when it dies. */
import { trusted } from "./trusted.mjs";

/** A worker with the policy of this page: that of a script from a server would be what the server says of it. The script is
    imported as it runs: what a script from a blob: imports at its head, Firefox asks the server for, and not sw.js. What
    is asked of the worker until then, it gets once it can be asked. */
function made() {
  const script = JSON.stringify(new URL("worker.mjs", import.meta.url).href);
  const start = `const early = []; onmessage = (event) => early.push(event);
    import(${script}).then(() => early.forEach((event) => onmessage(event)), (error) => postMessage({ broken: String(error) }));`;
  const address = URL.createObjectURL(new Blob([start], { type: "text/javascript" }));
  const worker = new Worker(trusted(address), { type: "module", name: "httplint" });
  return worker;
}

export class Linter {
  #worker; #asked = new Map(); #next = 0; #heard;

  /** `heard`: is told { ready }, { broken } and { replaced } of the worker. */
  constructor(heard) {
    this.#heard = heard;
    this.#start();
  }

  #start() {
    this.#worker = made();
    this.#worker.onmessage = ({ data }) => this.#take(data);
    this.#worker.onerror = (event) => this.#heard({ broken: event.message || "the worker could not be started" });
  }

  #take(data) {
    const asked = this.#asked.get(data.id);
    if (data.id === undefined) this.#heard(data);
    else if (asked && "share" in data) asked.progress?.(data.share, data.said);
    else if (asked) {
      this.#asked.delete(data.id);
      if ("failed" in data) {
        this.#replace("died");
        asked.reject(new Error(data.failed));
      } else asked.resolve(data);
    }
  }

  #replace(why) {
    this.#worker.terminate();
    this.#start();
    this.#heard({ replaced: why });
  }

  /** What the worker answers to a message of worker.mjs. */
  ask(message, progress) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject, progress });
      this.#worker.postMessage({ ...message, id });
    });
  }

  /** Ends what is being done; all who wait for it are told. */
  cancel() {
    const waiting = [...this.#asked.values()];
    this.#asked.clear();
    this.#replace("cancelled");
    for (const { reject } of waiting) reject(new DOMException("cancelled", "AbortError"));
  }
}

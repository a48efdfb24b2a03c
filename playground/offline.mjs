/* The page without a network: it is kept by sw.js, and this says so, or why not; and that a newer version is there. */
import { trusted } from "./trusted.mjs";

const SITE = new URL("../", import.meta.url).href;
const VERSION = import.meta.url.slice(SITE.length).split("/")[0];

const REFUSALS = {
  QuotaExceededError: "this browser has no room for its files.",
  DataError: "the server sends files that are not those of this version.",
  SecurityError: "this browser keeps nothing of it, as its settings say.",
};
const refusal = (name) => REFUSALS[name] || "its files could not be fetched.";

/** What the service worker answers once it has all files, or knows that it cannot. */
const answerOf = (worker) => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => resolve(data);
  worker.postMessage("keep", [port2]);
});

function begin(line) {
  const root = document.documentElement;
  const say = (state, ...said) => {
    if (root.dataset.offline === "newer") return;
    root.dataset.offline = state;
    line.replaceChildren(...said);
  };
  const refuse = (why) => say("no", `Needs the network each time: ${why}`);

  if (!isSecureContext) return refuse("only a page that came by https can be kept.");
  const workers = navigator.serviceWorker;
  if (!workers) return refuse("this browser keeps no pages here, as in a private window.");

  /** Offers the newer version: one that waits, or one that is here already, as it was taken in another tab. */
  const offer = (waiting) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Reload to use it";
    button.onclick = () => {
      if (!waiting || waiting.state === "activated") return location.reload();
      workers.addEventListener("controllerchange", () => location.reload());
      waiting.postMessage("take over");
    };
    say("newer", "There is a newer version of this page. ", button);
  };

  const ask = async (worker) => {
    const { version, failed } = await answerOf(worker);
    if (version !== VERSION) offer(null);
    else if (failed) refuse(refusal(failed));
    else say("kept", "Works without a network from now on.");
  };

  const watch = (worker, first) => worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && !first) offer(worker);
    if (worker.state === "redundant" && first) setTimeout(() => root.dataset.offline || refuse(refusal("")));
  });

  // Held for as long as the page is open: sw.js then keeps the files of its version.
  navigator.locks?.request(`httplint playground ${SITE} ${VERSION}`, { mode: "shared" }, () => new Promise(() => {}));

  workers.addEventListener("controllerchange", () => ask(workers.controller));
  workers.addEventListener("message", ({ data }) => data.version === VERSION && data.failed && refuse(refusal(data.failed)));
  workers.register(trusted(`${SITE}sw.js`)).then((registration) => {
    const { active, waiting, installing } = registration;
    watch(installing, !active);
    registration.addEventListener("updatefound", () => watch(registration.installing, !registration.active));
    if (waiting && active) offer(waiting);
    else if (active) ask(active);
  }, ({ name }) => refuse(refusal(name)));
}

let begun = false;

/** Has the page kept, and says in an element what came of it. What is asked for again is done once. */
export function keepOffline(line) {
  if (!begun) begin(line);
  begun = true;
}

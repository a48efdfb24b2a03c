/* The page: what is to be linted, how, and what came of it. Each wish is a command line, which the worker runs; one at a
   time, and of those that lint only the last that was asked for. */
import * as captures from "./captures.mjs";
import { Linter } from "./linter.mjs";
import { keepOffline } from "./offline.mjs";
import * as options from "./options.mjs";
import * as ownRules from "./own_rules.mjs";
import * as report from "./report.mjs";

const byId = (id) => document.getElementById(id);
const root = document.documentElement;

/** Says what is so now; `link`, [address, text], leads on. */
function say(text, link) {
  byId("state").textContent = text;
  if (!link) return;
  const [href, shown] = link;
  byId("state").append(" ", Object.assign(document.createElement("a"), { href, textContent: shown }));
}

// --- the worker, and what waits for it ---------------------------------------------------------------------------------

let broken = "";                                           // why httplint could not be started
const waiting = [];
let current = null;
let linter = null;
let died = false;                                          // was the worker replaced since it ended by itself?
let touched = false;                                       // has anybody begun anything?

/** Why something was not done, in words for the page. */
class Refusal extends Error {}

function heard(told) {
  if (told.ready) {
    root.dataset.worker = "ready";
    if (!current && !waiting.length && root.dataset.run !== "failed" && root.dataset.run !== "cancelled") {
      say(`httplint ${told.ready.version} is ready.`);
    } else if (!waiting.length && !current) say(`${byId("state").textContent} httplint is ready again.`);
    keepOffline(byId("offline"));
    begin();
    next();
  } else if (told.broken) {
    root.dataset.worker = "broken";
    broken = `httplint could not be started: ${told.broken}.`;
    for (const one of waiting.splice(0)) one.reject(new Refusal(broken));
    current?.end(new Refusal(broken));
    say(broken);
    keepOffline(byId("offline"));
    work();
  } else {
    died = told.replaced === "died";
    root.dataset.worker = "loading";
  }
  offer("again", root.dataset.worker === "broken");
}

/** What the worker is to do; `quiet`: without a word on its progress. */
function job(message, { kind, title, quiet = false }) {
  return new Promise((resolve, reject) => {
    if (root.dataset.worker === "broken") return reject(new Refusal(broken));
    if (kind === "check") {
      for (const old of waiting.filter((one) => one.kind === "check")) {
        waiting.splice(waiting.indexOf(old), 1);
        old.resolve(null);
      }
    }
    waiting.push({ message, kind, title, quiet, resolve, reject });
    work();
    return next();
  });
}

async function next() {
  if (current || root.dataset.worker !== "ready" || !waiting.length) return;
  current = waiting.shift();
  const { message, title, resolve, reject, quiet } = current;
  const ended = new Promise((_, end) => { current.end = end; });
  work();
  if (!quiet) say(`${title} …`);
  try {
    await Promise.race([intact(message.files), ended]);
    resolve(await Promise.race([linter.ask(message, progress), ended]));
  } catch (error) {
    reject(error);
  } finally {
    current = null;
    work();
    next();
  }
}

async function intact(files = []) {
  const name = await captures.changed(files);
  if (name) throw new Refusal(`${name} has changed or vanished since you chose it: choose it again.`);
}

/** Shows or hides what stands beside the state; the focus does not vanish with it. */
function offer(id, shown) {
  if (!shown && byId(id) === document.activeElement) byId("state").focus();
  byId(id).hidden = !shown;
}

/** Shows that something is done or waits, and that it can be cancelled. */
function work() {
  const busy = fetching || (current && !current.quiet) || waiting.some(({ quiet }) => !quiet);
  offer("progress", busy);
  offer("cancel", busy);
  byId("progress").removeAttribute("value");
  byId("amount").textContent = "";
  offer("to-report", !busy && report.shown());
}

function progress(share, said) {
  if (!current || current.quiet) return;
  byId("progress").value = share;
  byId("amount").textContent = `${Math.round(100 * share)} %, ${said.split("  ")[0]}`;
}

function cancel() {
  fetching?.abort();
  for (const one of waiting.splice(0)) one.reject(new DOMException("cancelled", "AbortError"));
  if (current) {
    current.end(new DOMException("cancelled", "AbortError"));
    linter.cancel();
  }
  work();
}

/** Says why something was not done. */
function excuse(error, title) {
  root.dataset.run = error.name === "AbortError" ? "cancelled" : "failed";
  if (error.name === "AbortError") say(`Cancelled: ${title}.`);
  else if (error instanceof Refusal) say(error.message);
  else say(`${title} failed: ${error.message}.${died ? " httplint is loaded anew." : ""}`);
}

/** Runs a command beside those that lint: what came of it, or null, which has been said then. */
async function command(argv, files, title, results = []) {
  touched = true;
  const before = root.dataset.run;
  try {
    root.dataset.run = "busy";
    const told = await job({ argv, files, results }, { kind: "other", title });
    if (root.dataset.run === "busy" && !current && !waiting.length) root.dataset.run = before && before !== "busy" ? before : "done";
    return told;
  } catch (error) {
    excuse(error, title);
    return null;
  }
}

// --- linting -----------------------------------------------------------------------------------------------------------

let turn = 0;
let linted = null;                                         // what was asked for last
let fetching = null;                                       // a sample that is being fetched

/** What is asked for from here on takes the place of what was asked for before. */
function mine() {
  fetching?.abort();
  const asked = ++turn;
  return () => asked === turn;
}

/** Lints what is given, as the options say. `quiet`: nobody asked for it. */
async function check(capture, { quiet = false, jump = false } = {}) {
  const wanted = mine();
  linted = capture;
  touched ||= !quiet;
  const own = ownRules.text();
  const rules = ownRules.filled() ? [ownRules.file()] : [];
  const argv = ["check", ...capture.files.map(({ name }) => captures.word(name)), ...options.words(),
    ...(rules.length ? ["--rules", ownRules.NAME] : [])];
  const files = [...capture.files, ...capture.beside, ...rules];
  const title = `Linting ${capture.title}`;
  if (!quiet) {
    address();
    say(root.dataset.worker === "ready" ? `${title} …` : `${title} begins as soon as httplint has loaded.`);
  }
  root.dataset.run = "busy";
  let told;
  try {
    told = await job({ argv: [...argv, "--output", "html:/out/report.html"], files, results: ["report.html"] },
      { kind: "check", title, quiet });
  } catch (error) {
    if (!wanted()) return;
    excuse(error, title);
    if (report.shown()) report.stale(`This is an earlier report: ${capture.title} was not linted.`);
    return;
  }
  if (!wanted() || !told) return;
  judge(told, { title: capture.title, argv, files, captures: capture.files.length, own, told }, { quiet, jump });
}

/** Shows what came of a run: a report, or what the command has against the options or the rules. */
function judge(told, made, { quiet, jump }) {
  const done = Boolean(told.files["report.html"]);
  const ofRules = !done && ownRules.concerned(told.err);
  options.complain(done || ofRules ? "" : told.err.trim());
  ownRules.tell(ofRules ? told.err.trim() : "", ofRules);
  root.dataset.run = done ? "done" : "failed";
  if (!done) {
    say(`Not linted: ${ofRules ? "see what is said of your rules" : "see what is said of the options"}.`);
    if (report.shown()) report.stale("This is an earlier report: what was asked for last could not be linted.");
    return;
  }
  report.show(made);
  ownRules.reported(made.own);
  work();
  say(`${made.title.replace(/^the /, "The ")}: ${report.outcome(told)}.`);
  if (jump && !quiet) byId("result").scrollIntoView({ block: "start" });
}

/** Lints again what was linted, as it is to be linted now. */
function again() {
  address();
  if (linted) check(linted);
}

async function sample(name, how) {
  const asked = mine();
  const wanted = () => asked() && !(how.quiet && touched);
  if (!how.quiet) root.dataset.run = "busy";
  try {
    const capture = await (name in captures.SAMPLES ? fetched(name, how) : example(name, how, wanted));
    if (capture && wanted()) await check(capture, how);
  } catch (error) {
    if (how.quiet || !wanted()) return;
    excuse(error.name === "AbortError" ? error : new Refusal("The sample could not be had."), "The sample");
  }
}

/** A sample, of which the server is asked. */
async function fetched(name, { quiet }) {
  const control = new AbortController();
  if (!quiet) {
    fetching = control;
    say(`Fetching ${captures.SAMPLES[name]} …`);
    work();
  }
  try {
    return await captures.ofSample(name, control.signal);
  } finally {
    if (fetching === control) fetching = null;
    work();
  }
}

/** The example of a rule, which is put into the box, unless something else is wanted by now. */
async function example(rule, { quiet }, wanted) {
  const told = await job({ example: rule }, { kind: "other", title: `The example of ${rule}`, quiet });
  if (!wanted()) return null;
  if (!told.text) {
    root.dataset.run = "failed";
    say(`There is no rule ${rule}.`, ["../rules/index.html", "All rules"]);
    return null;
  }
  byId("text").value = told.text;
  return captures.ofExample(rule, told.text);
}

// --- the address, and what is copied ---------------------------------------------------------------------------------------

const link = () => location.pathname + location.search + options.fragment(linted ? linted.sample : first);
const address = () => history.replaceState(null, "", link());

async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
  } catch {
    if (shown) getSelection().selectAllChildren(shown);
    say(shown ? "The browser does not allow to copy: it is selected." : "The browser does not allow to copy: it is the address of this page now.");
  }
}

// --- the beginning -------------------------------------------------------------------------------------------------------

let begun = false;
let first = options.take(location.hash);

/** Once httplint is there: what the link names, or the sample with faults, unless somebody has begun something else. */
function begin() {
  if (begun) return;
  begun = true;
  if (!touched) sample(first || "violating", { quiet: true });
}

addEventListener("hashchange", () => {
  const name = options.take(location.hash);
  if (name === null) return;
  first = name;
  if (name) sample(name, {});
  else again();
});
document.addEventListener("input", ({ target }) => { touched ||= target.matches("textarea"); }, { capture: true });
const paste = (text, how) => check(captures.ofText(text), how);

captures.watch({
  files: (files) => {
    const capture = captures.ofFiles(files, [ownRules.NAME]);
    if (capture) check(capture, { jump: true });
    else say("There is no capture among these files: a configuration is applied to those that are chosen with it.");
  },
  text: (text) => {
    byId("text").value = text;
    paste(text, { jump: true });
  },
  refused: say,
});
byId("go").addEventListener("click", () => {
  const { value } = byId("text");
  if (value.trim()) paste(value, { jump: true });
  else say("There is no text to lint yet.");
});
for (const button of document.querySelectorAll("[data-sample]")) {
  button.addEventListener("click", () => {
    touched = true;
    sample(button.dataset.sample, { jump: true });
  });
}
options.watch(again);
ownRules.watch({ command, say, gone: again, lint: () => (linted ? check(linted, { jump: true }) : sample(first || "violating", { jump: true })) });
report.watch({ command, say, copy });
byId("copy-link").addEventListener("click", () => {
  address();
  copy(location.href);
});
byId("cancel").addEventListener("click", cancel);
byId("again").addEventListener("click", () => {
  if (!linter) return location.reload();
  say("httplint is loading …");
  const failed = root.dataset.run === "failed";
  delete root.dataset.run;
  linter.retry();
  if (failed) again();
});
byId("to-report").addEventListener("click", () => {
  byId("result-title").focus({ preventScroll: true });
  byId("result").scrollIntoView({ block: "start" });
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("captures").focus();
});

// What has the focus is scrolled to where the bar does not lie upon it, however high that is.
new ResizeObserver(() => root.style.setProperty("--bar", `${byId("bar").offsetHeight}px`)).observe(byId("bar"));

root.dataset.worker = "loading";
if (typeof WebAssembly === "object" && typeof Worker === "function") linter = new Linter(heard);
else heard({ broken: "this browser has no WebAssembly or no workers" });

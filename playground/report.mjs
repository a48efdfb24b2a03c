/* The report of a run: in a frame that has no origin, as a file in each format, and as the command that makes it. */
import { quoted } from "./captures.mjs";

const byId = (id) => document.getElementById(id);

/** Format, what follows the stem of its file's name, media type. */
const FORMATS = [
  ["html", ".html", "text/html"], ["json", ".json", "application/json"], ["jsonl", ".jsonl", "application/jsonl"],
  ["text", ".txt", "text/plain"], ["concise", ".concise.txt", "text/plain"], ["markdown", ".md", "text/markdown"],
  ["csv", ".csv", "text/csv"], ["sarif", ".sarif", "application/sarif+json"], ["junit", ".junit.xml", "application/xml"],
  ["github", ".github.txt", "text/plain"], ["gitlab", ".gitlab.json", "application/json"],
];

/** How the command names a package that is not there. */
const PACKAGE = /httplint\[|pip install|the Python package/;

const EXITS = {
  0: "no errors",
  1: "there are errors",
  2: "not all could be read",
  3: "nothing to check: there are no responses in it",
};

let run = null;
let address = "";

/** The line of a report in text that sums it up. */
const summary = (out) => out.trimEnd().split("\n").findLast((line) => /^\S.* in [\d,]+ of [\d,]+ entr/.test(line)) || "";

const UNREADABLE = 2, NOTHING = 3;
const none = ({ out }) => / in 0 of 0 entries/.test(summary(out));

/** What came of a run, in a few words. */
export function outcome(told) {
  if (told.status === UNREADABLE && none(told)) return "it could not be read";
  if (told.status === NOTHING) return "there are no responses in it";
  const found = summary(told.out).replace(/ in ([\d,]+) of \1 /, " in $1 ").replace(/ from [\d,]+ files?, by .*$/, "");
  return found + (told.status === UNREADABLE ? "; not all could be read" : "");
}

/** Shows a report in a frame of its own; the one before it goes, with its place in the history. */
function frame(html, title) {
  const made = document.createElement("iframe");
  made.id = "report";
  made.title = title;
  made.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
  made.setAttribute("allow", "clipboard-write");
  const before = address;
  address = URL.createObjectURL(new Blob([html], { type: "text/html" }));
  made.src = address;
  const within = byId("frame").contains(document.activeElement);
  byId("frame").replaceChildren(made);
  if (within) byId("result-title").focus({ preventScroll: true });
  if (before) URL.revokeObjectURL(before);
}

/** Shows a run: { title, argv, files, told }. */
export function show(made) {
  run = made;
  const { title, argv, told } = made;
  byId("result").hidden = false;
  byId("result-title").textContent = `Report of ${title}`;
  const [found, came] = none(told) ? ["", outcome(told)] : [`${summary(told.out)}. `, EXITS[told.status] || "unknown"];
  byId("outcome").textContent = `${found}Exit status ${told.status}: ${came}.`;
  byId("said").textContent = told.err.trimEnd();
  byId("problems").hidden = !told.err.trim();
  byId("elsewhere").hidden = !PACKAGE.test(told.out + told.err);
  byId("command").textContent = quoted(["httplint", ...argv]);
  byId("downloaded").textContent = "";
  stale("");
  frame(told.files["report.html"], `Report of ${title}`);
}

/** Says that what is shown is not what was asked for last. */
export function stale(why) {
  byId("stale").textContent = why;
  byId("stale").hidden = !why;
}

export const shown = () => run !== null;

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function fileName(suffix) {
  const [{ name }] = run.files;
  const stem = run.captures === 1 ? name.replace(/^[.-]+/, "").replace(/\.[^.]{1,10}$/, "") : "";
  return stem ? `${stem}-httplint${suffix}` : `httplint${suffix}`;
}

/** Wires the buttons. `command(argv, files, doing, results)` runs a command and returns what came of it, or null. */
export function watch({ command, say, copy }) {
  for (const [format, suffix, type] of FORMATS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = format;
    button.dataset.format = format;
    button.addEventListener("click", async () => {
      const asked = run;
      const name = fileName(suffix);
      let blob = asked.told.files["report.html"];
      if (format !== "html") {
        const argv = [...asked.argv, "--output", `${format}:/out/${format}`];
        const told = await command(argv, asked.files, `Making ${name}`, [format]);
        if (!told) return;
        blob = told.files[format];
      }
      if (!blob) return say(`There is no ${name}: the command wrote none.`);
      save(new Blob([blob], { type }), name);
      byId("downloaded").textContent = `${name} is what this writes: ${quoted(["httplint", ...asked.argv, "--output", `${format}:${name}`])}`;
      say(`${name} is downloaded.`);
    });
    byId("formats").append(button, " ");
  }
  byId("copy-command").addEventListener("click", () => copy(byId("command").textContent, byId("command")));
  const fill = byId("fill");
  fill.hidden = !document.fullscreenEnabled;
  fill.addEventListener("click", () => byId("report").requestFullscreen().catch(() => say("The browser does not allow that.")));
}

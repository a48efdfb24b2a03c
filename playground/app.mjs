/* The page: what is to be linted, how, and what came of it. */
import { Linter } from "./linter.mjs";
import { keepOffline } from "./offline.mjs";

const byId = (id) => document.getElementById(id);
const state = byId("state");
const linter = new Linter((told) => {
  state.textContent = told.ready ? `ready: httplint ${told.ready.version}` : JSON.stringify(told);
  document.documentElement.dataset.worker = told.ready ? "ready" : told.broken ? "broken" : "loading";
  if (told.ready || told.broken) keepOffline(byId("offline"));
});

/** The command line that says what the page was asked for. */
const commandFor = (name, results) => ["check", name, "--isolated", ...results.flatMap(
  ([format, file]) => ["--output", `${format}:/out/${file}`])];

async function lint(name, data) {
  document.documentElement.dataset.run = "busy";
  const told = await linter.ask({ argv: commandFor(name, [["html", "report.html"]]), files: [{ name, data }],
    results: ["report.html"] }, (share, said) => { state.textContent = `${Math.round(100 * share)} % ${said}`; });
  if (told.err) console.warn(told.err);
  byId("report").src = URL.createObjectURL(new Blob([told.files["report.html"]], { type: "text/html" }));
  state.textContent = told.out.trim().split("\n").at(-1);
  document.documentElement.dataset.run = "done";
  return told;
}

byId("go").onclick = () => lint("pasted.txt", new Blob([byId("text").value]));
byId("file").onchange = ({ target }) => target.files[0] && lint(target.files[0].name, target.files[0]);

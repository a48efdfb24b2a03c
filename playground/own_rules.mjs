/* Rules of one's own: a file of the command line, which is written in the page. */

const byId = (id) => document.getElementById(id);
const box = byId("rules");
const said = byId("rules-said");

/** What the file with them is called. */
export const NAME = "mine.toml";
const FIRST = "mine.example";

let used = "";                                             // the rules of the report that is shown

export const text = () => box.value;
export const filled = () => box.value.trim() !== "";
export const file = () => ({ name: NAME, data: new Blob([box.value], { type: "application/toml" }) });

/** Is it of these rules that a command speaks? */
export const concerned = (err) => err.split("\n").some((line) => line.startsWith(`httplint: ${NAME}:`));

/** Shows what a command said of the rules; nothing if there is nothing to say. */
export function tell(text, bad = false) {
  said.textContent = text;
  said.hidden = !text;
  said.classList.toggle("trouble", bad);
  box.ariaInvalid = bad ? "true" : null;
  if (bad) {
    byId("own").open = true;
    said.scrollIntoView({ block: "nearest" });
  }
}

function brief() {
  const state = box.value === used ? "in use" : "not in the report yet";
  byId("own-brief").textContent = filled() ? state : "";
}

/** Hears with which rules the report was made. */
export function reported(text) {
  used = text;
  brief();
}

/** The first id of a rule to start from that the box does not have. */
function unused() {
  let id = FIRST;
  for (let next = 2; box.value.includes(`"${id}"`); next++) id = `${FIRST}-${next}`;
  return id;
}

/** Wires the box and its buttons. `command(argv, files, doing)` runs a command and returns what came of it, or null; `lint`
    lints with the rules, `gone` hears that there are none any more. */
export function watch({ command, lint, gone, say }) {
  box.addEventListener("input", brief);
  box.addEventListener("change", () => {
    if (filled()) return;
    tell("");
    gone();
  });
  brief();
  let asked = false;
  byId("skeleton").addEventListener("click", async () => {
    if (asked) return;                                     // two at once would have the same id
    asked = true;
    const told = await command(["rules", "new", unused()], [], "A rule to start from is being made");
    asked = false;
    if (!told) return;
    box.value = [box.value.trimEnd(), told.out].filter(Boolean).join("\n\n");
    brief();
    tell("");
    say("A rule to start from is in the box.");
  });
  byId("test-rules").addEventListener("click", async () => {
    if (!filled()) return say("There are no rules of your own yet.");
    const told = await command(["rules", "test", NAME], [file()], "Testing your rules");
    if (!told) return;
    tell(`${told.out}${told.err}`.trimEnd(), told.status !== 0);
    say(told.status ? "The test of your rules found faults." : "The test of your rules is all well.");
  });
  byId("lint-rules").addEventListener("click", () => (filled() ? lint() : say("There are no rules of your own yet.")));
}

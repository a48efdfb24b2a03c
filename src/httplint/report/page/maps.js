/* Maps: endpoints by status code, and statements of the specifications by document and section. */
const cells = data.cells.map(([name, status, count, ...found]) => ({ ...endpointOf(name), status: String(status), count, found,
  worst: found.findIndex(Boolean) }));
const ROWS = 100;
const STATES = ["broken", "kept", "not exercised"];

/** How many findings of each severity there are in some cells. */
const gravity = (some) => SEVERITIES.map((_, at) => some.reduce((sum, cell) => sum + cell.found[at], 0));
const graver = (a, b) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2];

/** The rows of the map: documented operations by group, then endpoints by host; the worst first. An operation that was
 *  seen on several hosts has a row for each, which names its host. */
function rowsOfMap() {
  const byName = new Map();
  for (const cell of cells) {
    if (!byName.has(cell.name)) byName.set(cell.name, { name: cell.name, method: cell.method, path: cell.path, title: cell.host, host: cell.host, cells: new Map(), documented: null, met: [] });
    byName.get(cell.name).cells.set(cell.status, cell);
  }
  const out = Array.from(byName.values());
  for (const [method, path, statuses, id, group, met] of data.operations) {
    const seen = out.filter((row) => !row.documented && row.method === method && row.path === path);
    for (const row of seen.length ? seen : [{ name: "", method, path, cells: new Map() }]) {
      Object.assign(row, { documented: statuses, met, id, title: group || "Documented operations", several: seen.length > 1 });
      if (!seen.length) out.push(row);
    }
  }
  const together = new Map();
  for (const row of out) {
    const some = Array.from(row.cells.values());
    row.gravity = gravity(some);
    if (!together.has(row.title)) together.set(row.title, []);
    together.get(row.title).push(...some);
  }
  for (const [title, some] of together) together.set(title, gravity(some));
  return out.sort((a, b) => !a.documented - !b.documented || graver(together.get(a.title), together.get(b.title)) || compare(a.title, b.title)
    || graver(a.gravity, b.gravity) || compare(a.path, b.path) || compare(a.method, b.method) || compare(a.host, b.host));
}

const exercised = (row) => row.cells.size + row.met.length > 0;

/** Whether a documented status code, "404" or "4XX", is that one. */
const isCode = (documented, status) => documented === status || (/^[1-5]XX$/i.test(documented) && documented[0] === status[0]);

function cellOf(row, status) {
  const cell = row.cells.get(status);
  if (!cell) {
    const missing = row.documented && row.documented.some((code) => code.toUpperCase() === status)
      && ![...row.met, ...row.cells.keys()].some((seen) => isCode(status, seen));
    return el("td", null, missing ? el("span", { class: "never", title: "documented, never exercised" }, el("span", { "aria-hidden": "true" }, "0"),
      el("span", { class: "quiet" }, "documented, never exercised")) : null);
  }
  const tone = cell.worst < 0 ? "good" : SEVERITIES[cell.worst];
  const words = SEVERITIES.map((severity, at) => cell.found[at] && `${number(cell.found[at])} ${severity}`).filter(Boolean).join(", ") || "no findings";
  const undocumented = row.documented?.length && !row.documented.some((code) => code === "default" || isCode(code, status)) ? "; not documented" : "";
  return el("td", null, el("button", { type: "button", class: `cell ${tone}${undocumented ? " stray" : ""}`, title: `${plural(cell.count, "exchange")}, ${words}${undocumented}`,
    onclick: () => go({ view: "exchanges", endpoint: row.name, status }) }, number(cell.count), el("span", { class: "quiet" },
    ` ${cell.count === 1 ? "exchange" : "exchanges"}, ${words}${undocumented}`)));
}

const LEGEND = [["error", "errors"], ["warning", "warnings"], ["info", "advice"], ["good", "no findings"]];

function drawEndpoints() {
  const all = rowsOfMap();
  const codes = Array.from(new Set([...cells.map((cell) => cell.status),
    ...data.operations.flatMap((operation) => operation[2]).filter((code) => code !== "default").map((code) => code.toUpperCase())])).sort(compare);
  const body = el("tbody");
  let title = null;
  const show = (rows) => {
    for (const row of rows) {
      if (row.title !== title) {
        title = row.title;
        body.append(el("tr", { class: "of" }, el("th", { colspan: codes.length + 1, scope: "colgroup" }, visible(title))));
      }
      const name = [el("span", { class: "verb" }, visible(row.method)), " ", el("span", { class: "mono" }, visible(row.path || "/"),
        row.several && el("span", { class: "soft" }, " ", visible(row.host)))];
      body.append(el("tr", { class: exercised(row) ? null : "untouched" }, el("th", { scope: "row" }, row.cells.size
        ? el("button", { type: "button", class: "endpoint", title: plainly(row.id || row.path), onclick: () => go({ view: "exchanges", endpoint: row.name }) }, name)
        : el("span", { class: "endpoint" }, name, exercised(row) ? null : el("span", { class: "quiet" }, ", never exercised"))), codes.map((code) => cellOf(row, code))));
    }
  };
  show(all.slice(0, ROWS));
  const rest = all.length > ROWS && el("p", { class: "more" }, el("button", { type: "button", onclick: () => {
    const before = body.querySelectorAll("button").length;
    rest.remove();
    show(all.slice(ROWS));
    body.querySelectorAll("button")[before]?.focus();
  } }, `Show all ${number(all.length)}`));
  const untouched = all.filter((row) => !exercised(row)).length;
  const beyond = summary.entries.linted - cells.reduce((sum, cell) => sum + cell.count, 0);
  const documented = data.operations.length;
  byId("endpoint-map").replaceChildren(
    el("p", { class: "lead" }, documented ? `${number(documented - untouched)} of ${plural(documented, "documented operation")} exercised. ` : "",
      `${plural(new Set(cells.map((cell) => cell.name)).size, "endpoint")}, by status code: how many exchanges, in the colour of the worst finding.`,
      beyond > 0 ? ` ${plural(beyond, "more exchange")}, of ever new endpoints, ${beyond === 1 ? "is" : "are"} not in this map.` : ""),
    el("ul", { class: "legend" }, LEGEND.map(([tone, word]) => el("li", null, el("span", { class: `cell ${tone}`, "aria-hidden": "true" }), word)),
      documented > 0 && el("li", null, el("span", { class: "never", "aria-hidden": "true" }), "documented, never exercised"),
      documented > 0 && el("li", null, el("span", { class: "cell good stray", "aria-hidden": "true" }), "not documented")),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Endpoints by status code" },
      el("table", { class: "heat" }, el("thead", null, el("tr", null, el("th", { scope: "col" }, "Endpoint"),
        codes.map((code) => el("th", { scope: "col", title: CLASSES[code[0]] || "" }, code)))), body)), rest || "");
}

/* Statements */

const statements = data.statements.map(([id, document, section, at, rules]) => ({ id, document, section, state: STATES[at], rules }));

const documents = grouped(statements, (one) => one.document);

const counts = (ones) => STATES.map((state) => ones.filter((one) => one.state === state).length);
const spec = (one) => `${one.document}${one.section ? ` \u00a7${one.section}` : ""}`;

/** The ids of rules; those that the page has findings of lead to them. */
const rulesLinked = (rules) => rules.map((rule, at) => [at ? ", " : "", data.rules[rule]
  ? el("button", { type: "button", class: "link mono", onclick: () => go({ view: "findings", rule }) }, visible(rule)) : el("span", { class: "mono" }, visible(rule))]);

function tellStatement(one) {
  byId("statement").replaceChildren(el("span", { class: `square ${one.state.split(" ")[0]}`, "aria-hidden": "true" }),
    el("b", null, visible(spec(one))), " ", el("span", { class: "mono" }, visible(one.id)), ` ${one.state}. `,
    el("span", { class: "soft" }, "Checked by ", rulesLinked(one.rules)));
}

/** The squares of a document: one stop of the Tab key, from which arrows go on. */
function squares(ones) {
  const map = el("div", { class: "squares", role: "group", "aria-label": `Statements of ${plainly(ones[0].document)}` });
  for (const [section, some] of grouped(ones, (one) => one.section)) {
    map.append(el("span", { class: "part" }, el("span", { class: "soft" }, section ? visible(`\u00a7${section}`) : ""), some.map((one) => {
      const square = el("button", { type: "button", class: `square ${one.state.split(" ")[0]}`, tabindex: "-1", title: plainly(`${spec(one)}: ${one.state}`),
        "aria-label": plainly(`${one.id}, ${spec(one)}: ${one.state}`), onclick: () => tellStatement(one), onfocus: () => tellStatement(one) });
      square.addEventListener("mouseenter", () => tellStatement(one));
      return square;
    })));
  }
  const all = Array.from(map.querySelectorAll(".square"));
  all[0].tabIndex = 0;
  map.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const to = by ? all[all.indexOf(event.target) + by] : event.key === "Home" ? all[0] : event.key === "End" ? all.at(-1) : null;
    if (!to) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  });
  return map;
}

function asTable() {
  const body = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Statements" });
  return el("details", { class: "gap", ontoggle: () => {
    if (body.firstChild) return;
    body.append(el("table", { class: "plainly" }, el("thead", null, el("tr", null, ["Statement", "Section", "State", "Rules"].map((title) => el("th", { scope: "col" }, title)))),
      el("tbody", null, statements.map((one) => el("tr", null, el("th", { scope: "row", class: "mono" }, visible(one.id)), el("td", null, visible(spec(one))),
        el("td", null, el("span", { class: `square ${one.state.split(" ")[0]}`, "aria-hidden": "true" }), one.state), el("td", { class: "mono" }, visible(one.rules.join(", "))))))));
  } }, el("summary", null, "The same as a table"), el("div", null, body));
}

function drawRequirements() {
  const [broken, kept] = counts(statements);
  byId("requirement-map").replaceChildren(
    el("p", { class: "lead" }, `Requirements: this traffic has put ${number(broken + kept)} of the ${number(statements.length)} that rules check to the test, and violated ${number(broken)}.`),
    el("ul", { class: "legend" }, STATES.map((one) => el("li", null, el("span", { class: `square ${one.split(" ")[0]}`, "aria-hidden": "true" }), one))),
    el("p", { id: "statement", "aria-live": "polite" }, el("span", { class: "soft" }, "Point at a square, or move to it, to see which statement it is.")),
    ...Array.from(documents).sort((a, b) => b[1].length - a[1].length || compare(a[0], b[0])).map(([document, ones]) => {
      const [bad, good, rest] = counts(ones);
      return el("section", { class: "document" }, el("h3", null, visible(document), el("span", { class: "soft" },
        ` ${number(bad + good)} of ${number(bad + good + rest)} put to the test${bad ? `, ${number(bad)} broken` : ""}`)), squares(ones));
    }), asTable());
}

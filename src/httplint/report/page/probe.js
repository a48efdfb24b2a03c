/* What became of each check of each resource, where servers were asked: of one resource a list, of several a table. */
const OUTCOMES = ["broken", "not answered", "kept", "not applicable", "not asked"];
const OUTCOME_TONES = ["error", "silent", "good", "suppressed", "none"];

const checks = data.matrix ? data.matrix.checks.map(([name, question]) => ({ name, question })) : [];
/** The resources, those first where there is something to look at; `at`: their places among those that were asked. */
const resources = data.matrix ? data.matrix.rows.map(([url, ...row], at) => ({ url: text(url), at,
  cells: row.map(([outcome, entries = [], why = 0, rules = [], rank = -1]) => ({ outcome, why: text(why), entries, rules: rules.map(text), tone: SEVERITIES[rank] || OUTCOME_TONES[outcome] })) })) : [];
const byEntry = new Map(resources.length ? exchanges.map((exchange) => [exchange.entry, exchange]) : []);
const met = (resource, outcome) => resource.cells.filter((cell) => cell.outcome === outcome).length;

const signOf = (tone) => (tone === "none" ? el("span", { "aria-hidden": "true" }, "\u2013") : icon(tone));
const wordsOfCell = (check, cell) => `${check.name}: ${OUTCOMES[cell.outcome]}${cell.why && `, ${cell.why}`}`;

/** What there is to see of a cell: why it is so, the rules that it is broken by, its exchanges. `id`: begins those of its elements. */
function shownOf(cell, id) {
  const there = cell.entries.map((entry) => byEntry.get(entry)).filter(Boolean);
  const missing = cell.entries.length - there.length;
  return [cell.why && el("p", null, visible(cell.why)),
    cell.rules.length > 0 && el("p", { class: "soft" }, "Broken by ", rulesLinked(cell.rules)),
    there.length > 0 && el("ol", { class: "groups trips" }, there.map((exchange) => exchangeItem(exchange, id))),
    missing > 0 && el("p", { class: "soft" }, `${plural(missing, "request")} of this check ${missing === 1 ? "has" : "have"} no exchange in this page.`),
    !cell.entries.length && el("p", { class: "soft" }, "No request was made.")];
}

/** The checks of a resource, a row each. */
function checkList(resource) {
  return el("ul", { class: "groups" }, resource.cells.map((cell, at) => {
    const check = checks[at];
    const id = `c${resource.at}-${at}`;
    const button = el("button", { type: "button", class: `row check ${cell.tone}`, "aria-expanded": "false", "aria-controls": id },
      el("span", { class: "severity" }, signOf(cell.tone), OUTCOMES[cell.outcome]),
      el("span", { class: "what" }, el("span", { class: "says" }, visible(check.question || check.name)),
        el("span", { class: "where" }, el("span", { class: "mono" }, visible(check.name)), cell.why && el("span", null, visible(cell.why)),
          cell.rules.length > 0 && el("span", { class: "mono" }, visible(cell.rules.join(", "))))),
      el("span", { class: "times" }, cell.entries.length ? plural(cell.entries.length, "request") : ""), icon("chevron"));
    const detail = el("div", { class: "detail", id, hidden: true });
    const item = el("li", { class: `group ${cell.tone}` }, button, detail);
    folding(item, button, detail, () => detail.append(...shownOf(cell, id).filter(Boolean)), (to) => pointed(to ? [resource.at, at] : []));
    return item;
  }));
}

/** Tells the address which cell is looked at. */
function pointed(place) {
  state.cell = place.join(".");
  remember();
}

const beneath = el("section", { id: "beneath", tabindex: "-1", "aria-label": "Chosen in the table", hidden: true });
let from = null;

/** Shows a cell, or all of a resource, below the table. */
function showBeneath(button, resource, at) {
  from?.removeAttribute("aria-current");
  from = button;
  from.setAttribute("aria-current", "true");
  const close = el("button", { type: "button", class: "step", onclick: closeBeneath }, "Close");
  const cell = resource.cells[at];
  beneath.replaceChildren(el("div", { class: "places" }, el("h3", { class: "arranged" }, el("span", { class: "mono" }, visible(resource.url))), el("div", { class: "acts" },
    linkCopier(() => ({ view: "probe", cell: state.cell })), close)),
  ...(cell ? [el("p", { class: `verdict ${cell.tone}` }, el("span", { class: "severity" }, signOf(cell.tone), OUTCOMES[cell.outcome]), " ",
    el("b", null, visible(checks[at].question || checks[at].name)), " ", el("span", { class: "mono soft" }, visible(checks[at].name))),
  ...shownOf(cell, `b${resource.at}-${at}-`).filter(Boolean)] : [checkList(resource)]));
  beneath.hidden = false;
  pointed(cell ? [resource.at, at] : [resource.at]);
  beneath.focus({ preventScroll: true });
  beneath.scrollIntoView({ block: "nearest" });
}

function closeBeneath() {
  beneath.hidden = true;
  pointed([]);
  from.removeAttribute("aria-current");
  from.focus();
}

beneath.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeBeneath();
});

function rowOfTable(resource) {
  const head = el("button", { type: "button", class: "endpoint", title: plainly(resource.url), tabindex: "-1", "data-cell": resource.at,
    onclick: () => showBeneath(head, resource) }, el("span", { class: "mono" }, visible(resource.url)));
  return el("tr", null, el("th", { scope: "row" }, head), resource.cells.map((cell, at) => {
    const button = el("button", { type: "button", class: `cell ${cell.tone}`, title: plainly(wordsOfCell(checks[at], cell)), tabindex: "-1",
      "data-cell": `${resource.at}.${at}`, onclick: () => showBeneath(button, resource, at) }, signOf(cell.tone), el("span", { class: "quiet" }, OUTCOMES[cell.outcome]));
    return el("td", null, button);
  }));
}

/** Lets arrows move between the buttons of a table, which is one stop of the Tab key. */
function roving(body) {
  const buttonsOf = (row) => Array.from(row.querySelectorAll("button"));
  const to = (button) => {
    body.querySelector('button[tabindex="0"]').tabIndex = -1;
    button.tabIndex = 0;
  };
  body.querySelector("button").tabIndex = 0;
  body.addEventListener("focusin", (event) => to(event.target));
  body.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr");
    const at = buttonsOf(row).indexOf(event.target);
    const next = { ArrowRight: () => buttonsOf(row)[at + 1], ArrowLeft: () => buttonsOf(row)[at - 1], Home: () => buttonsOf(row)[0], End: () => buttonsOf(row).at(-1),
      ArrowDown: () => row.nextElementSibling && buttonsOf(row.nextElementSibling)[at],
      ArrowUp: () => row.previousElementSibling && buttonsOf(row.previousElementSibling)[at] }[event.key]?.();
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

function tableOfChecks() {
  const body = el("tbody");
  const order = resources.slice().sort((a, b) => met(b, 0) - met(a, 0) || met(b, 1) - met(a, 1) || a.at - b.at);
  const show = (some) => body.append(...some.map(rowOfTable));
  show(order.slice(0, ROWS));
  const rest = order.length > ROWS && el("p", { class: "more" }, el("button", { type: "button", onclick: () => {
    rest.remove();
    show(order.slice(ROWS));
    body.children[ROWS].querySelector("button").focus();
  } }, `Show all ${number(order.length)}`));
  roving(body);
  return [el("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": "Checks by resource" },
    el("table", { class: "heat checks" }, el("thead", null, el("tr", null, el("th", { scope: "col" }, "Resource"),
      checks.map((check) => el("th", { scope: "col", title: plainly(check.question) }, el("span", null, visible(check.name)))))), body)), rest || "", beneath];
}

function drawProbe() {
  const { counts: times, left } = data.matrix;
  const all = resources.length + left;
  byId("probe-table").replaceChildren(
    el("p", { class: "lead" }, `${plural(checks.length, "check")} of ${resources.length === 1 ? "" : plural(all, "resource")}`,
      resources.length === 1 && !left ? el("span", { class: "mono" }, visible(resources[0].url)) : "",
      resources.length > 1 ? "; a cell shows its exchanges, arrow keys move." : ".", left ? ` ${plural(left, "resource")} ${left === 1 ? "has" : "have"} no room in this page.` : ""),
    el("ul", { class: "legend" }, OUTCOMES.map((word, outcome) => times[outcome] > 0 && el("li", { class: OUTCOME_TONES[outcome] }, signOf(OUTCOME_TONES[outcome]),
      el("span", null, word, " ", el("b", null, number(times[outcome])))))),
    ...(resources.length === 1 ? [checkList(resources[0])] : tableOfChecks()));
}

/** Whether a text names a cell, "3.5", or a resource, "3". */
function isCell(name) {
  const [, at, check] = /^([0-9]{1,6})(?:\.([0-9]{1,6}))?$/.exec(name) || [];
  return name === [at, check].filter((part) => part !== undefined).map(Number).join(".") && at < resources.length && (check === undefined || check < checks.length);
}

/** Opens the cell, or the resource, that the address names. */
function openCell() {
  const [at, check] = state.cell.split(".");
  if (resources.length > 1) {
    if (!document.querySelector(`[data-cell="${state.cell}"]`)) document.querySelector("#probe-table .more button")?.click();
    document.querySelector(`[data-cell="${state.cell}"]`).click();
  } else {
    unfold(byId(`c${at}-${check ?? 0}`).previousElementSibling, 0);
  }
}

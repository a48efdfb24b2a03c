/* The page as a whole: its views, what is asked for in its address, its keys. */
const VIEWS = { findings: "Findings", probe: "Probe", exchanges: "Exchanges", endpoints: "Endpoints", requirements: "Requirements", run: "This run" };
const LISTS = ["findings", "exchanges"];
const DRAW = { probe: drawProbe, endpoints: drawEndpoints, requirements: drawRequirements, run: drawRun };
const drawnViews = new Set();
let tiles = [];

/* The run */

function gap(tone, summaryText, open, ...content) {
  byId("gaps").append(el("details", { class: `gap ${tone}`, open }, el("summary", null, summaryText), el("div", null, content)));
}

function troubles() {
  const notes = summary.notes;
  byId("notes").append(...notes.map((note) => el("li", null, visible(note))));
  byId("notes").hidden = !notes.length;
  const problems = summary.problems;
  if (!problems.length) return;
  byId("problems").append(el("details", { class: "gap error", open: true }, el("summary", null,
    `Unreadable: ${plural(problems.length, "file or part of a file", "files or parts of files")}`), el("div", null,
    el("ul", null, problems.map((one) => el("li", null, el("span", { class: "mono" },
      visible(one.path + (one.line ? `:${one.line}:${one.column}` : ""))), ": ", visible(one.cause)))))));
}

/** When the page was written, if the browser knows it: of a file, but not of what a server hands out without a time. */
function written() {
  const time = Date.parse(document.lastModified);
  return location.protocol === "file:" && Date.now() - time > 2000 ? new Date(time).toLocaleString() : "";
}

function drawRun() {
  const [from, to] = data.times;
  const files = new Map();
  for (const exchange of exchanges) files.set(exchange.file, (files.get(exchange.file) || 0) + 1);
  const entries = summary.entries;
  const facts = [
    ["Command", data.command && el("code", { class: "mono", tabindex: "0", role: "group", "aria-label": "command" }, visible(data.command))],
    ["httplint", visible(data.version)],
    ["Rules", number(summary.rules)],
    ["Entries", `${number(entries.linted)} of ${plural(entries.read, "entry", "entries")} checked`],
    ["Traffic", from && (to - from < 1 ? moment(1000 * from) : `${moment(1000 * from)} to ${moment(1000 * to)}`)],
    ["Page written", written()],
    ["Files", files.size > 0 && el("ul", { class: "files" }, Array.from(files).slice(0, LISTED).map(([file, count]) => el("li", null,
      el("button", { type: "button", class: "link mono", onclick: () => go({ view: "exchanges", file }) }, visible(file)), el("span", { class: "soft" }, ` ${plural(count, "exchange")}`))),
    files.size > LISTED && el("li", { class: "soft" }, `and ${number(files.size - LISTED)} more`))],
  ];
  byId("facts").replaceChildren(...facts.filter(([, told]) => told).flatMap(([name, told]) => [el("dt", null, name), el("dd", null, told)]));
  byId("gaps").replaceChildren();
  const total = (items) => items.reduce((sum, one) => sum + one.count, 0);
  const lacking = (title, open, ones) => ones.length && gap("", `Could not be checked, ${title}: ${plural(total(ones), "check")}`, open,
    table(["Why", "Checks", "How to have it checked", "Rules"], ones.map((one) => el("tr", null, el("th", { scope: "row" }, visible(one.reason)),
      el("td", { class: "amount" }, number(one.count)), el("td", null, one.remedy ? visible(one.remedy) : "\u2013"),
      el("td", null, el("details", null, el("summary", null, plural(one.rules.length, "rule")),
        el("ul", null, one.rules.map((rule) => el("li", null, visible(rule.rule), ` \u00d7${number(rule.count)}`)))))))));
  lacking("but can be", true, summary.not_evaluated.filter((one) => one.remedy));
  lacking("as captures like these never show it", false, summary.not_evaluated.filter((one) => !one.remedy));
  const skipped = summary.skipped;
  if (skipped.length) {
    gap("", `Skipped: ${plural(total(skipped), "entry", "entries")} with nothing to check`, true,
      table(["Why", "Entries"], skipped.map((one) => el("tr", null, el("th", { scope: "row" }, visible(one.reason)),
        el("td", { class: "amount" }, number(one.count))))));
  }
}

/* Views */

function nav() {
  const sizes = { findings: groups.length && SEVERITIES.reduce((sum, severity) => sum + summary.findings[severity], 0),
    exchanges: exchanges.length && summary.entries.linted, endpoints: new Set(cells.map((cell) => cell.name)).size || data.operations.length, requirements: statements.length, probe: resources.length };
  const there = Object.keys(VIEWS).filter((view) => view === "run" || sizes[view] || (view === "findings" && groups.length));
  byId("views").append(el("ul", null, there.map((view) => el("li", null, el("a", { href: `#view=${view}`, "data-to": view, onclick: (event) => {
    event.preventDefault();
    go({ view });
  } }, VIEWS[view], view in sizes && view !== "requirements" ? el("span", { class: "soft" }, ` ${number(sizes[view])}`) : null)))));
  return there;
}

let there = [];

function show() {
  if (!there.includes(state.view)) state.view = there[0];
  for (const section of document.querySelectorAll("[data-view]")) section.hidden = section.dataset.view !== state.view;
  for (const link of byId("views").querySelectorAll("a")) {
    if (link.dataset.to === state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  byId("asked").hidden = !LISTS.includes(state.view) || !exchanges.length;
  for (const [key, element] of Object.entries(selects)) {
    element.hidden = (["by", "arrange"].includes(key) && state.view !== "findings") || (["sort", "with"].includes(key) && state.view !== "exchanges");
  }
  drawOnce(state.view);
}

/** A view that is drawn when it is first looked at. */
function drawOnce(view) {
  if (!DRAW[view] || drawnViews.has(view)) return;
  drawnViews.add(view);
  DRAW[view]();
}

/** Another view, and other filters; those that are not named stay as they are, unless the view has none. */
function go(asked) {
  if (!LISTS.includes(asked.view) || ("endpoint" in asked || "file" in asked || "rule" in asked)) Object.assign(state, USUAL);
  Object.assign(state, { finding: "", exchange: "", cell: "" }, asked);
  search.value = state.query;
  update(true);
  byId("views").scrollIntoView({ block: "nearest" });
}

function update(moved) {
  choose();
  for (const one of tiles) one.update();
  show();
  if (groups.length) for (const key of ["rule", "host", "status", "level"]) updateFacet(key);
  for (const [key, element] of Object.entries(selects)) {
    element.value = state[key];
    element.classList.toggle("set", element.selectedIndex > 0);
  }
  const only = [["endpoint", state.endpoint], ["level", state.level]].filter(([, value]) => value);
  byId("only").replaceChildren(...only.map(([key, value]) => el("button", { type: "button", class: "chip", title: "Take this filter away",
    onclick: () => set(key, value) }, visible(value), el("span", { "aria-hidden": "true" }, " \u00d7"), el("span", { class: "quiet" }, ", take this filter away"))));
  const filtered = Object.keys(USUAL).some((key) => !MANNERS.includes(key) && state[key] !== USUAL[key]);
  byId("clear").hidden = !filtered;
  drawList(filtered);
  remember(moved);
}

function drawList(filtered) {
  if (state.view === "exchanges") {
    drawExchanges();
    byId("count").textContent = `${plural(chosen.length, "exchange")}${filtered ? chosen.length === 1 ? " matches" : " match" : ""}${unlisted()}`;
    return;
  }
  const found = views.reduce((sum, view) => sum + view.times, 0);
  const lost = Object.values(data.left_out).reduce((sum, count) => sum + count, 0);
  byId("count").textContent = `${plural(found, "finding")} in ${plural(views.length, "group")}`
    + (filtered ? " match" : "") + (lost ? `; for ${number(lost)} more, by ever new rules, there was no room` : "");
  list.replaceChildren();
  rendered = 0;
  into = null;
  if (views.length) {
    renderMore(BATCH);
  } else {
    more.hidden = true;
    list.append(el("p", { class: "nothing" }, groups.length ? "Nothing matches." : "There is nothing to show: no rule found anything."));
  }
}

/* The address: what is asked for, and what is opened, stands in the fragment. Whoever writes one may write anything. */

const NAMES = { view: "view", query: "q", severity: "severity", rule: "rule", host: "host", method: "method", status: "status", level: "level",
  file: "file", endpoint: "endpoint", with: "with", shown: "suppressed", by: "by", arrange: "group", sort: "order", finding: "finding", exchange: "exchange", cell: "cell" };
const LONGEST = 2000;

function fragment(asked) {
  const out = new URLSearchParams();
  for (const [key, name] of Object.entries(NAMES)) {
    const usual = key === "view" ? "findings" : USUAL[key] ?? "";
    if (asked[key] != null && String(asked[key]) !== usual) out.set(name, String(asked[key]));
  }
  const told = out.toString();
  return told ? `#${told}` : "";
}

function linkTo(asked) {
  return location.href.split("#")[0] + fragment(asked);
}

/** Writes down what is asked for. `moved`: as a step that the browser can go back. */
function remember(moved) {
  const to = fragment(state);
  if (to === location.hash || (!to && !location.hash)) return;
  try {
    history[moved ? "pushState" : "replaceState"](null, "", to || location.href.split("#")[0]);
  } catch { /* a browser that lets no page of this kind do so */ }
}

/** Tells what was opened last: the finding by its key, the exchange by its number. */
function opened(finding, exchange) {
  Object.assign(state, { finding, exchange });
  remember();
}

/** What the fragment asks for, as far as it can be had. */
function asked() {
  const told = new URLSearchParams(location.hash.slice(1, LONGEST));
  const out = { view: "findings", ...USUAL, finding: "", exchange: "", cell: "" };
  for (const [key, name] of Object.entries(NAMES)) {
    const value = told.get(name);
    if (value == null) continue;
    if (key === "query" || (key === "endpoint" && endpoints.has(value)) || (key === "level" && tones.level.has(value))) out[key] = value;
    else if (key === "view" && there.includes(value)) out.view = value;
    else if (key === "finding" && byKey.has(value)) out.finding = value;
    else if (key === "exchange" && /^[1-9][0-9]{0,8}$/.test(value)) out.exchange = Number(value);
    else if (key === "cell" && isCell(value)) out.cell = value;
    else if (key in selects && Array.from(selects[key].options).some((option) => option.value === value)) out[key] = value;
  }
  return out;
}

function follow(begun) {
  if (begun && location.hash && !location.hash.includes("=")) {          // a place in the page
    if (location.hash === "#findings" && state.view !== "findings") go({ view: "findings" });
    return;
  }
  Object.assign(state, asked());
  search.value = state.query;
  const { finding, exchange } = state;
  if (state.view === "findings" && finding && !views.some((view) => holds(view, finding))) {
    state.shown = byKey.get(finding).kind ? "all" : state.shown;
  }
  update();
  if (state.view === "probe") {
    if (state.cell) openCell();
  } else if (state.view === "exchanges") {
    const at = chosen.findIndex((one) => one.number === exchange);
    if (at < 0) return;
    if (at >= drawn) drawMore(at + 1 - drawn);
    unfold(traffic.querySelectorAll(".trip")[at], 0);
  } else if (finding) {
    const at = views.findIndex((view) => holds(view, finding));
    if (at < 0) return;
    if (at >= rendered) renderMore(at + 1 - rendered);
    const { item, parts } = views[at];
    unfold(item.firstChild, exchange);
    const part = parts ? parts.findIndex((one) => one.group.key === finding) : -1;
    if (part < 0) return;
    views[at].grow(part + 1);
    unfold(parts[part].item.firstChild, exchange);
  }
}

function unfold(row, exchange) {
  row.parentNode.toggle(true, exchange);
  row.scrollIntoView({ block: "start" });
  row.focus({ preventScroll: true });
}

addEventListener("hashchange", () => follow(true));

/* Keys and buttons */

const search = byId("q");
let waiting = 0;

function ask(changed) {
  clearTimeout(waiting);
  if (state.query === search.value && !changed) return;
  state.query = search.value;
  update();
}

function clear() {
  const kept = Object.fromEntries(MANNERS.map((key) => [key, state[key]]));
  Object.assign(state, USUAL, kept);
  search.value = "";
  ask(true);
}

byId("clear").addEventListener("click", () => {
  clear();
  search.focus();
});

/* Where there is little room, filters come when they are asked for. */
const narrow = matchMedia("(max-width: 40rem)");
const sift = () => {
  byId("sift").open = !narrow.matches;
};
narrow.addEventListener("change", sift);
sift();

/** A button for more of a list, which comes by itself when it is scrolled to. */
function growing(button, grow, row) {
  button.addEventListener("click", () => {
    const last = row().length;
    grow(BATCH);
    row()[last]?.focus();
  });
  new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting) && !button.hidden) grow(BATCH);
  }, { rootMargin: "600px" }).observe(button);
}
const trips = () => Array.from(traffic.querySelectorAll(".trip"));
growing(more, renderMore, rows);
growing(moreTraffic, drawMore, trips);

search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 100);
});

document.addEventListener("keydown", (event) => {
  const at = document.activeElement;
  const [all, grow] = state.view === "exchanges" ? [trips, drawMore] : [rows, renderMore];
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)
    && LISTS.includes(state.view)) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape" && at === search && search.value) {
    event.preventDefault();
    search.value = "";
    ask();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (at === search || at.classList.contains("row"))) {
    ask();
    const from = at === search ? -1 : all().indexOf(at);
    if (event.key === "ArrowDown" && from + 1 >= all().length) grow(BATCH);
    const to = event.key === "ArrowDown" ? all()[from + 1] : from > 0 ? all()[from - 1] : from === 0 ? search : null;
    if (to) {
      event.preventDefault();
      to.focus();
    }
  }
});

/* Paper has all views one after the other, and the rules with what to do. */
addEventListener("beforeprint", () => {
  there.forEach(drawOnce);
  if (state.view !== "findings") {
    list.replaceChildren();
    rendered = 0;
    into = null;
  }
  renderMore(LISTED);
  for (const { item, parts } of views.slice(0, rendered)) {
    if (!parts || item.querySelector(".onpaper")) continue;
    item.append(el("p", { class: "onpaper" }, "At ", parts.slice(0, BATCH).map(({ group, times }, at) => [at ? ", " : "",
      visible(`${group.method} ${group.path}`.trim()), ` \u00d7${number(times)}`]), parts.length > BATCH && ` and ${number(parts.length - BATCH)} more`));
  }
  if (state.view !== "exchanges") drawExchanges();
  drawMore(LISTED);
  byId("paper").replaceChildren(el("h2", null, "Rules"), ...data.order.map((rule) => [rule, data.rules[rule]]).slice(0, LISTED).map(([rule, page]) => el("section", null,
    el("h3", { class: "mono" }, visible(rule)), el("p", null, visible(page.title), el("span", { class: "soft" }, ` (${page.level}, `, visible(page.spec), ")")), el("p", null, visible(page.fix)))));
});

byId("version").textContent = data.version;
tiles = overview();
troubles();
bar();
there = nav();
byId("report").hidden = false;
follow(false);

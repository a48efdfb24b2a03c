/* Shows the data of the islands of a report. */
const BATCH = 60;
const LISTED = 500;
const KINDS = { waiver: "waived", baseline: "in the baseline", "third-party": "of a third party" };
const OTHERS = "(others)";
const CLASSES = ["", "informational", "successful", "redirection", "client error", "server error"];

/* The data */

const data = JSON.parse(islands("data")[0].textContent);
const text = (value) => (typeof value === "number" ? data.strings[value] : value);
const summary = data.summary;
const order = new Map(data.order.map((rule, index) => [rule, index]));

const groups = data.groups.map((row, index) => {
  const [rule, level, confidence, basis, kind, field, host, method, path, message] = row.slice(1, 11).map(text);
  const counts = new Map();
  const pairs = row[11];
  for (let at = 0; at < pairs.length; at += 2) counts.set(String(pairs[at]), pairs[at + 1]);
  const total = Array.from(counts.values()).reduce((sum, count) => sum + count, 0);
  return { index, severity: SEVERITIES[row[0]], rank: row[0], rule, level, confidence, basis, kind, field, host, method, path,
    message, counts, total, places: [], order: order.has(rule) ? order.get(rule) : order.size };
});

const messageIslands = islands("messages");
islands("places").forEach((island, chunk) => {
  JSON.parse(island.textContent).forEach((head, at) => {
    const exchange = { status: String(head[0]), method: text(head[1]), uri: head[2] === 0 ? null : head[2], path: text(head[3]),
      entry: head[4], line: head[5], column: head[6], chunk, at, found: [] };
    for (const [group, message, side, part, index, offset, reason] of head.slice(7)) {
      const place = { exchange, group: groups[group], message: message === 0 ? groups[group].message : text(message),
        side: text(side), part: text(part), index, offset, reason: text(reason) };
      exchange.found.push(place);
      groups[group].places.push(place);
    }
  });
  island.remove();
});

const lines = [];
function messagesOf(exchange) {
  lines[exchange.chunk] ??= messageIslands[exchange.chunk].textContent.split("\n");
  const line = lines[exchange.chunk][exchange.at];
  return line ? JSON.parse(line) : null;
}

const usual = (a, b) => a.rank - b.rank || (a.host === OTHERS) - (b.host === OTHERS) || b.total - a.total || a.order - b.order || compare(a.host, b.host)
  || compare(a.path, b.path) || compare(a.method, b.method) || compare(a.field, b.field) || a.index - b.index;
const sorted = groups.slice().sort(usual);

/* What is asked for */

const state = { query: "", severity: "", rule: "", host: "", status: "", level: "", shown: "active", arrange: "" };
const open = new Set();
const FACETS = {
  severity: { of: (group) => group.severity },
  rule: { of: (group) => group.rule, title: "By rule", any: "All rules" },
  host: { of: (group) => group.host || "(host not known)", title: "By host", any: "All hosts" },
  status: { title: "By status code", any: "All status codes", name: (code) => `${code} ${CLASSES[code[0]] || ""}`.trim() },
  level: { of: (group) => group.level, title: "By level" },
};

const passes = (group, except) => Object.entries(FACETS).every(([key, facet]) => key === except || !facet.of || !state[key]
  || facet.of(group) === state[key]);
const shownNow = (group) => state.shown === "all" || (state.shown === "active") === !group.kind;

const haystack = (group) => (group.hay ??= [group.severity, group.rule, group.level, data.rules[group.rule].title, group.message,
  group.field, group.host + group.path, group.method, group.kind && KINDS[group.kind]].join("\n").toLowerCase());
const placeHay = (place) => (place.hay ??= [place.message, place.exchange.uri || "", place.exchange.status, place.exchange.path,
  place.reason].join("\n").toLowerCase());

/** The findings of a group that the search finds: all of them, some places, or none (null). */
function searched(group, words) {
  const hay = haystack(group);
  const rest = words.filter((word) => !hay.includes(word));
  if (!rest.length) return { group, places: group.places, whole: true };
  const places = group.places.filter((place) => rest.every((word) => placeHay(place).includes(word)));
  return places.length ? { group, places, whole: false } : null;
}

/** The same by status code: how many, of that code or of all. */
function counted(hit, status) {
  if (hit.whole) return status ? hit.group.counts.get(status) || 0 : hit.group.total;
  return status ? hit.places.filter((place) => place.exchange.status === status).length : hit.places.length;
}

let hits = [];
let views = [];

function choose() {
  const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
  hits = [];
  for (const group of sorted) {
    const hit = shownNow(group) && searched(group, words);
    if (hit) hits.push(hit);
  }
  views = [];
  for (const hit of hits) {
    const times = passes(hit.group) ? counted(hit, state.status) : 0;
    if (times) {
      views.push({ group: hit.group, times, places: state.status
        ? hit.places.filter((place) => place.exchange.status === state.status) : hit.places });
    }
  }
  if (state.arrange) {
    const key = FACETS[state.arrange].of;
    const sums = new Map();
    for (const view of views) sums.set(key(view.group), (sums.get(key(view.group)) || 0) + view.times);
    const ranks = new Map();
    for (const view of views) ranks.set(key(view.group), Math.min(ranks.get(key(view.group)) ?? 9, view.group.rank));
    const first = (view) => key(view.group);
    views.sort((a, b) => ranks.get(first(a)) - ranks.get(first(b)) || sums.get(first(b)) - sums.get(first(a))
      || compare(first(a), first(b)) || usual(a.group, b.group));
    views.sums = sums;
  }
}

/** How many findings each value of a facet has, under all other filters. */
function tally(key) {
  const out = new Map();
  const add = (value, count) => count && out.set(value, (out.get(value) || 0) + count);
  for (const hit of hits) {
    if (!passes(hit.group, key)) continue;
    if (key !== "status") add(FACETS[key].of(hit.group), counted(hit, state.status));
    else for (const code of hit.group.counts.keys()) add(code, counted(hit, code));
  }
  return out;
}

/* The overview */

const totals = {};
const tones = { rule: new Map(), level: new Map() };
const facetRows = {};
const SHORT = 6;

function set(key, value) {
  state[key] = state[key] === value ? (key === "shown" ? "active" : "") : value;
  update();
}

function facetRow(key, value, total, most) {
  const facet = FACETS[key];
  const label = (facet.name || String)(value);
  const meter = el("i");
  const count = el("span", { class: "number" });
  const tone = tones[key]?.get(value) || "";
  const exchanges = (data.exchanges[key] || {})[value];
  const button = el("button", { type: "button", class: "facet", "aria-pressed": "false", onclick: () => set(key, value) },
    el("span", { class: key === "rule" || key === "host" ? "label mono" : "label", title: plainly(label) },
      visible(exchanges ? value : label), exchanges ? el("span", { class: "soft" }, ` in ${plural(exchanges, "exchange")}`) : null), count,
    el("span", { class: `meter ${tone}`, "aria-hidden": "true" }, meter));
  facetRows[key].set(value, (counts) => {
    const now = counts.get(value) || 0;
    count.textContent = number(now);
    meter.style.width = `${(100 * now) / most}%`;
    button.classList.toggle("none", !now);
    button.setAttribute("aria-pressed", String(state[key] === value));
  });
  return el("li", null, button);
}

function card(key) {
  facetRows[key] = new Map();
  const values = totals[key];
  const most = Math.max(1, ...values.map((item) => item[1]));
  const list = el("ul", null, values.slice(0, SHORT).map(([value, total]) => facetRow(key, value, total, most)));
  const rest = values.slice(SHORT, LISTED);
  const button = rest.length > 0 && el("button", { type: "button", class: "link", onclick: () => {
    list.append(...rest.map(([value, total]) => facetRow(key, value, total, most)));
    button.remove();
    updateFacet(key);
    list.children[SHORT].firstChild.focus();
  } }, values.length > LISTED ? `Show ${number(LISTED)} of ${number(values.length)}` : `Show all ${number(values.length)}`);
  return el("section", { class: "card", "aria-label": FACETS[key].title }, el("h3", null, FACETS[key].title), list, button);
}

function updateFacet(key) {
  const counts = tally(key);
  for (const show of facetRows[key].values()) show(counts);
}

function tile(key, value, tone, word, total, note) {
  const button = el("button", { type: "button", class: `tile ${tone}`, "aria-pressed": "false", onclick: () => set(key, value) },
    icon(tone), el("span", null, word), el("b", null, number(total)), el("small", null, note));
  button.update = () => button.setAttribute("aria-pressed", String(state[key] === value));
  return button;
}

const WORDS = { error: ["errors", "a MUST is broken"], warning: ["warnings", "a SHOULD is not kept, or it has no effect"], info: ["info", "advice"] };

function overview() {
  const active = groups.filter((group) => !group.kind);
  for (const group of sorted.slice().reverse()) {
    tones.rule.set(group.rule, group.severity);
    tones.level.set(group.level, group.severity);
  }
  for (const key of Object.keys(FACETS)) {
    const sums = new Map();
    for (const group of active.length ? active : groups) {
      if (FACETS[key].of) sums.set(FACETS[key].of(group), (sums.get(FACETS[key].of(group)) || 0) + group.total);
      else for (const [code, count] of group.counts) sums.set(code, (sums.get(code) || 0) + count);
    }
    totals[key] = Array.from(sums).sort((a, b) => b[1] - a[1] || compare(a[0], b[0]));
  }
  const found = summary.findings;
  const all = SEVERITIES.reduce((sum, severity) => sum + (found[severity]), 0);
  const spoken = SEVERITIES.filter((severity) => found[severity]).map((severity) => (severity === "info"
    ? `${number(found.info)} info` : plural(found[severity], severity)));
  byId("verdict").textContent = `${all ? plural(all, "finding") : "No findings"} in ${plural(summary.entries.linted, "exchange")}`;
  document.title = `${spoken.length ? spoken.join(", ") : "no findings"} \u2013 httplint`;
  const entries = summary.entries;
  byId("scope").textContent = `${number(entries.linted)} of ${plural(entries.read, "entry", "entries")} checked`
    + (summary.files ? ` from ${plural(summary.files, "file")}` : "") + ` by ${plural(summary.rules, "rule")}.`
    + (summary.hidden ? ` ${plural(summary.hidden, "finding")} below the severity asked for are not in this report.` : "");
  const suppressed = groups.filter((group) => group.kind).reduce((sum, group) => sum + group.total, 0);
  const tiles = SEVERITIES.map((severity) => tile("severity", severity, severity, WORDS[severity][0], found[severity],
    `${WORDS[severity][1]}${all ? `, ${Math.round((100 * (found[severity])) / all)} %` : ""}`));
  if (suppressed) {
    const kinds = Array.from(new Set(groups.map((group) => group.kind).filter(Boolean))).sort();
    tiles.push(tile("shown", "suppressed", "suppressed", "suppressed", suppressed, kinds.map((kind) => KINDS[kind] || plainly(kind)).join(", ")));
  }
  byId("tiles").append(...tiles);
  if (groups.length) byId("cards").append(...["rule", "host", "status", "level"].map(card));
  gaps();
  return tiles;
}

function gap(tone, summaryText, open, ...content) {
  byId("gaps").append(el("details", { class: `gap ${tone}`, open }, el("summary", null, summaryText), el("div", null, content)));
}

function gaps() {
  const notes = summary.notes;
  byId("notes").append(...notes.map((note) => el("li", null, visible(note))));
  byId("notes").hidden = !notes.length;
  const problems = summary.problems;
  if (problems.length) {
    gap("error", `Unreadable: ${plural(problems.length, "file or part of a file", "files or parts of files")}`, true,
      el("ul", null, problems.map((one) => el("li", null, el("span", { class: "mono" },
        visible(one.path + (one.line ? `:${one.line}:${one.column}` : ""))), ": ", visible(one.cause)))));
  }
  const lacking = summary.not_evaluated;
  const total = (items) => items.reduce((sum, one) => sum + one.count, 0);
  if (lacking.length) {
    gap("", `Could not be checked: ${plural(total(lacking), "check")} lacked evidence, for ${plural(lacking.length, "reason")}`, false,
      table(["Why", "Checks", "Rules"], lacking.map((one) => el("tr", null, el("th", { scope: "row" }, visible(one.reason)),
        el("td", { class: "amount" }, number(one.count)),
        el("td", null, el("details", null, el("summary", null, plural(one.rules.length, "rule")),
          el("ul", null, one.rules.map((rule) => el("li", null, visible(rule.rule), ` \u00d7${number(rule.count)}`)))))))));
  }
  const skipped = summary.skipped;
  if (skipped.length) {
    gap("", `Skipped: ${plural(total(skipped), "entry", "entries")} with nothing to check`, false,
      table(["Why", "Entries"], skipped.map((one) => el("tr", null, el("th", { scope: "row" }, visible(one.reason)),
        el("td", { class: "amount" }, number(one.count))))));
  }
  const required = data.requirements;
  if (required.length) {
    const of = (key) => number(required.reduce((sum, one) => sum + one[key], 0));
    gap("", `Requirements: this traffic has put ${of("seen")} of the ${of("checked")} that rules check to the test, and violated ${of("violated")}`, false,
      table(["Document", "Tested", "Of those that rules check", "Violated"], required.map((one) => {
        const meter = el("i");
        meter.style.width = `${(100 * one.seen) / Math.max(1, one.checked)}%`;
        return el("tr", null, el("th", { scope: "row" }, visible(one.document)), el("td", { class: "amount" }, number(one.seen)),
          el("td", null, number(one.checked), el("div", { class: "meter", "aria-hidden": "true" }, meter)), el("td", null, number(one.violated)));
      })));
  }
}

/* The bar */

const selects = {};

function select(key, label, options) {
  selects[key] = el("select", { "aria-label": label, onchange: (event) => {
    state[key] = event.target.value;
    update();
  } }, options.map(([value, name]) => el("option", { value }, plainly(name))));
  return selects[key];
}

function bar() {
  const facet = (key, label) => select(key, label, [["", FACETS[key].any], ...totals[key].slice(0, LISTED)
    .map(([value]) => [value, (FACETS[key].name || String)(value)]).sort((a, b) => compare(a[1], b[1]))]);
  const host = totals.host.length > 1 && facet("host", "Host");
  byId("filters").append(...[
    select("severity", "Severity", [["", "All severities"], ...SEVERITIES.map((severity) => [severity, severity])]),
    facet("rule", "Rule"), host, facet("status", "Status code"),
    groups.some((group) => group.kind) && select("shown", "Suppressed findings",
      [["active", "Without suppressed"], ["suppressed", "Suppressed only"], ["all", "With suppressed"]]),
    select("arrange", "Order", [["", "Most severe first"], ["rule", "Grouped by rule"], ["host", "Grouped by host"]]),
  ].filter(Boolean));
}

/* The list */

const list = byId("list");
const more = byId("more");
let rendered = 0;
let heading = null;
let into = null;

function renderMore(count) {
  for (const view of views.slice(rendered, rendered + count)) {
    const key = state.arrange ? FACETS[state.arrange].of(view.group) : "";
    if (!into || heading !== key) {
      if (state.arrange) {
        const name = (FACETS[state.arrange].name || String)(key);
        list.append(el("h3", { class: "arranged" }, visible(name), el("span", { class: "soft" }, ` \u00d7${number(views.sums.get(key))}`,
          state.arrange === "rule" ? [" \u2013 ", visible(data.rules[key].title)] : null)));
      }
      into = el("ul", { class: "groups" });
      list.append(into);
      heading = key;
    }
    into.append(groupItem(view));
  }
  rendered = Math.min(views.length, rendered + count);
  more.hidden = rendered >= views.length;
  more.textContent = `Show more (${number(views.length - rendered)} left)`;
}

const rows = () => Array.from(list.querySelectorAll(".row"));

const where = (group) => [
  el("span", { class: "mono" }, visible(group.rule)),
  group.host === OTHERS ? "at more hosts and paths than this page has room for" : group.host || group.path ? el("span", { class: "mono" }, visible(`${group.method} ${group.host}${group.path}`)) : "request not captured",
  group.field && el("span", null, visible(group.field)),
  group.counts.size < 4 && el("span", null, Array.from(group.counts.keys()).join(", ")),
  group.confidence !== "high" && el("span", { class: "tag" }, visible(`${group.confidence} confidence`)),
  group.kind && el("span", { class: "tag" }, visible(KINDS[group.kind] || group.kind)),
].filter(Boolean).map((part) => (typeof part === "string" ? el("span", null, part) : part));

function groupItem(view) {
  const group = view.group;
  const id = `g${group.index}`;
  const times = view.times > 1 || group.total > 1 ? `\u00d7${number(view.times)}` : "";
  const button = el("button", { type: "button", class: "row", "aria-expanded": "false", "aria-controls": id, onclick: () => toggle() },
    el("span", { class: "severity" }, icon(group.kind ? "suppressed" : group.severity), group.severity),
    el("span", { class: "what" }, el("span", { class: "says" }, visible(group.message)), el("span", { class: "where" }, where(group))),
    el("span", { class: "times" }, times), icon("chevron"));
  const detail = el("div", { class: "detail", id, hidden: true });
  const item = el("li", { class: `group ${group.kind ? "suppressed" : group.severity}` }, button, detail);
  function toggle(to = detail.hidden) {
    detail.hidden = !to;
    button.setAttribute("aria-expanded", String(to));
    if (to) {
      open.add(group.index);
      if (!detail.firstChild) fill(detail, view);
    } else {
      open.delete(group.index);
    }
  }
  detail.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      toggle(false);
      button.focus();
      event.stopPropagation();
    }
  });
  button.addEventListener("keydown", (event) => {
    if (event.key === "Escape") toggle(false);
  });
  if (open.has(group.index)) toggle(true);
  return item;
}

/* An opened group: places, the exchange of one of them, and the page of the rule */

function sourceOf(exchange) {
  const line = exchange.line ? `:${exchange.line}:${exchange.column}` : "";
  const entry = exchange.entry == null ? "" : `entry ${exchange.entry}`;
  return exchange.path ? `${exchange.path}${line}${entry && ` (${entry})`}` : entry;
}

function fill(detail, view) {
  const { group, places } = view;
  const shown = el("div", { class: "exchange" });
  const here = el("div", { class: "here" });
  const nav = el("div", { class: "places" });
  detail.append(nav, el("div", { class: "columns" }, shown, el("div", { class: "side" }, here, rulePage(group))));
  if (!places.length) {
    nav.append("This group came when the page was full: its findings are counted, their exchanges are not kept.");
    return;
  }
  let at = 0;
  const label = el("b", { "aria-live": "polite" });
  const source = el("span", { class: "source mono" });
  const step = (by, word) => el("button", { type: "button", class: "step", onclick: () => go(at + by) }, word);
  const [previous, next] = [step(-1, "Previous"), step(1, "Next")];
  const buttons = [];
  function go(to) {
    if (to < 0 || to >= places.length) return;
    buttons[at]?.removeAttribute("aria-current");
    at = to;
    buttons[at]?.setAttribute("aria-current", "true");
    const exchange = places[at].exchange;
    const left = view.times > places.length ? ` of ${number(view.times)}; the first ${number(places.length)} ${places.length === 1 ? "is" : "are"} kept in this page` : "";
    label.textContent = view.times > 1 ? `Finding ${number(at + 1)}${left || ` of ${number(places.length)}`}` : "";
    source.replaceChildren(visible(sourceOf(exchange)));
    previous.setAttribute("aria-disabled", String(at === 0));
    next.setAttribute("aria-disabled", String(at === places.length - 1));
    showExchange(shown, here, places[at]);
  }
  if (view.times > 1) nav.append(label);
  if (places.length > 1) nav.append(el("span", { class: "steps" }, previous, next));
  nav.append(source);
  if (places.length > 1) nav.append(allPlaces(places, buttons, () => at, go));
  go(0);
}

function allPlaces(places, buttons, current, go) {
  const listed = el("ol", { tabindex: "0", "aria-label": "Places" });
  const details = el("details", { class: "all", ontoggle: () => {
    if (listed.firstChild) return;
    places.slice(0, LISTED).forEach((place, at) => {
      const exchange = place.exchange;
      buttons[at] = el("button", { type: "button", onclick: () => go(at) },
        visible(`${exchange.status} ${exchange.method} ${exchange.uri ?? ""} \u2013 ${sourceOf(exchange)}`));
      listed.append(el("li", null, buttons[at]));
    });
    if (places.length > LISTED) listed.append(el("li", { class: "aside" }, `and ${number(places.length - LISTED)} more`));
    buttons[current()]?.setAttribute("aria-current", "true");
  } }, el("summary", null, `All ${number(places.length)} places`), listed);
  return details;
}

let pins = 0;

function showExchange(shown, here, current) {
  const exchange = current.exchange;
  const found = exchange.found.slice(0, 50).map((place, at) => ({ place, number: at + 1, id: `p${++pins}`, current: place === current }));
  if (!found.some((one) => one.current)) found.push({ place: current, number: found.length + 1, id: `p${++pins}`, current: true });
  const messages = messagesOf(exchange);
  shown.replaceChildren(...(messages ? exchangeParts(exchange, messages, found)
    : [el("p", { class: "soft" }, visible(`${exchange.method} ${exchange.uri ?? ""}`), ` \u2192 ${exchange.status}. `,
      "The messages of this exchange are not in this page, which keeps those of the first findings of each group.")]));
  here.replaceChildren(el("h3", null, `${plural(found.length, "finding")} in this exchange`),
    el("ul", null, found.map((one) => el("li", { class: tone(one) },
      el("button", { type: "button", "data-n": one.number, "data-role": "finding", "aria-describedby": one.id },
        el("span", { class: one.current ? "pin current" : "pin", "aria-hidden": "true" }, String(one.number)),
        el("span", null, el("span", { class: "quiet" }, `${one.place.group.severity}: `), visible(one.place.message),
          el("small", null, visible(one.place.group.rule), one.place.group.kind
            ? [" \u2013 ", visible(KINDS[one.place.group.kind] || one.place.group.kind), one.place.reason ? [": ", visible(one.place.reason)] : null] : null)))))));
  for (const value of shown.querySelectorAll(".long")) {
    const octet = value.querySelector("mark.octet");
    if (octet) value.scrollTop = octet.offsetTop - value.offsetTop - 20;
  }
}

const tone = (one) => (one.place.group.kind ? "suppressed" : one.place.group.severity);

/** Hover and focus go both ways: from a marked place to its finding, and back. */
function lit(event) {
  const scope = event.target.closest?.(".columns");
  if (!scope) return;
  for (const element of scope.querySelectorAll(".lit")) element.classList.remove("lit");
  const numbered = event.type === "mouseout" || event.type === "focusout" ? null : event.target.closest("[data-n]");
  if (!numbered) return;
  for (const one of numbered.dataset.n.split(" ")) {
    for (const element of scope.querySelectorAll(`[data-n~="${one}"]`)) element.classList.add("lit");
  }
}
for (const type of ["mouseover", "mouseout", "focusin", "focusout"]) list.addEventListener(type, lit);
list.addEventListener("click", (event) => {
  const from = event.target.closest("[data-role]");
  if (!from) return;
  const role = from.dataset.role === "pin" ? "finding" : "pin";
  const to = from.closest(".columns").querySelector(`[data-role="${role}"][data-n="${from.dataset.n}"]`);
  if (to) {
    to.scrollIntoView({ block: "nearest" });
    to.focus();
  }
});

function exchangeParts(exchange, [request, interim, response], found) {
  const left = new Set(found);
  const take = (test) => found.filter((one) => left.has(one) && test(one.place) && left.delete(one));
  const of = (side) => (part, count) => take((place) => place.side === side && place.part === part && place.index < count);
  const out = [];
  if (request) {
    const [version, fields, content, target] = request;
    const finds = of("request");
    out.push(message("Request", () => [visible(exchange.method), " ",
      el("span", { class: "soft" }, visible(text(target) || exchange.uri || ""), ` HTTP/${version ?? "?"}`)],
    finds, { fields, content }, () => take((place) => place.side === "request")));
  } else {
    out.push(el("p", { class: "message aside" }, "The request was not captured."));
  }
  interim.forEach(([status, version, reason, fields], at) => {
    const finds = (part, count) => take((place) => place.side === "interim response" && place.part === part && place.index < count
      && sameLine(place, fields));
    const last = at === interim.length - 1;
    out.push(message("Interim response", () => statusLine(status, version, text(reason)), finds, { fields },
      () => (last ? take((place) => place.side === "interim response") : [])));
  });
  const [version, reason, fields, content, trailers] = response;
  out.push(message("Response", () => statusLine(exchange.status, version, text(reason)), of("response"),
    { fields, content, trailers }, () => take(() => true)));
  return out;
}

/** Whether the line of an interim response is that of the finding: there may be several interim responses. */
function sameLine(place, fields) {
  if (place.part !== "field") return true;
  const name = fields && fields[1 + 2 * place.index];
  return name !== undefined && text(name).toLowerCase() === place.group.field.toLowerCase();
}

const statusLine = (status, version, reason) => [el("span", { class: "soft" }, `HTTP/${version ?? "?"} `), String(status),
  reason ? " " : null, reason ? visible(reason) : null];

/** One message. What no line of it can show is marked at its start line: `others` asks for that last. */
function message(title, start, finds, { fields, content, trailers }, others) {
  const body = el("div", { class: "lines" });
  section(body, fields, finds, "field", "The capture does not tell the fields.");
  if (trailers && trailers.length > 1) {
    body.append(el("p", { class: "section" }, "Trailers"));
    section(body, trailers, finds, "trailer", "");
  }
  const rest = [body, content ? contentOf(content, finds("content", Infinity)) : []].flat();
  const onStart = others();
  const aside = title === "Request" && fields && !rest.some((part) => part && part.querySelector(".marked"));
  return el("div", { class: "message" }, el("h3", null, title),
    el("div", { class: "lines" }, line(start, onStart, "start"), onStart.map(note)),
    aside ? el("details", { class: "folded" }, el("summary", null, plural((fields.length - 1) / 2 + fields[0], "field")), rest) : rest);
}

function section(body, fields, finds, part, missing) {
  if (!fields) {
    if (missing) body.append(el("p", { class: "aside" }, missing));
    return;
  }
  const count = (fields.length - 1) / 2;
  const here = finds(part, count).filter((one) => one.place.index >= 0);
  for (let index = 0; index < count; index++) {
    const name = text(fields[1 + 2 * index]);
    const value = text(fields[2 + 2 * index]);
    const ones = here.filter((one) => one.place.index === index);
    body.append(line(() => [el("span", { class: "name" }, visible(name)), ": ", valueOf(value, ones)], ones), ...ones.map(note));
  }
  if (fields[0]) body.append(el("p", { class: "aside" }, `and ${plural(fields[0], "more line")}`));
}

function line(show, ones, kind) {
  const numbers = ones.map((one) => one.number).join(" ");
  const worst = ones.find((one) => one.current) || ones[0];
  const mark = worst ? ` marked ${tone(worst)}${worst.current ? " current" : ""}` : "";
  return el("div", { class: `line ${kind || ""}${mark}`, "data-n": numbers || null },
    el("span", { class: "gutter" }), el("span", null, show()));
}

const pin = (one) => el("button", { type: "button", class: `pin ${tone(one)}${one.current ? " current" : ""}`, "data-n": one.number,
  "data-role": "pin", "aria-label": `Finding ${one.number}, ${one.place.group.severity}`, "aria-describedby": one.id }, String(one.number));
const note = (one) => el("div", { class: `note ${tone(one)}${one.current ? " current" : ""}`, "data-n": one.number },
  el("span", { class: "gutter" }, pin(one)), el("span", { id: one.id }, visible(one.place.message)));

/** A field value, with the octets at fault marked; the whole of it where the finding is about all of it. */
function valueOf(value, ones) {
  const offsets = ones.map((one) => one.place.offset).filter((offset) => offset >= 0 && offset <= value.length);
  const long = value.length > 700;
  const holder = el("span", { class: long ? "long" : null, tabindex: long ? "0" : null, role: long ? "group" : null,
    "aria-label": long ? "field value" : null });
  if (ones.length && offsets.length < ones.length) {
    const whole = el("mark", { class: "all" });
    holder.append(whole);
    octets(whole, value, offsets);
  } else {
    octets(holder, value, offsets);
  }
  return holder;
}

function octets(into, value, offsets) {
  let from = 0;
  for (const offset of Array.from(new Set(offsets)).sort((a, b) => a - b)) {
    into.append(visible(value.slice(from, offset)));
    into.append(offset < value.length ? el("mark", { class: "octet" }, visible(value[offset]))
      : el("mark", { class: "octet end" }, el("span", { class: "quiet" }, "end of the value")));
    from = offset + 1;
  }
  into.append(visible(value.slice(from)));
}

function contentOf([shown, size, clipped], ones) {
  const begin = text(shown);
  if (!begin && !ones.length) return [];
  const size_ = size == null ? "" : plural(size, "octet");
  return [el("div", { class: "lines" }, line(() => el("span", { class: "soft" },
    `Content${size_ && `, ${size_}`}${clipped ? ", the beginning of it" : ""}`), ones), ones.map(note)),
  begin && el("pre", { class: "content", tabindex: "0", role: "group", "aria-label": "content" }, visible(begin, true))];
}

function rulePage(group) {
  const page = data.rules[group.rule];
  const safe = /^https:\/\/[^\s]+$/.test(page.link);
  return el("div", { class: "rule" },
    el("h3", { class: "mono" }, visible(group.rule)),
    el("p", { class: "title" }, visible(page.title)),
    el("p", { class: "facts" }, el("span", { class: "tag" }, visible(page.level)),
      group.basis !== "explicit" && el("span", { class: "tag" }, visible(group.basis)),
      el("span", { class: "tag" }, visible(`${group.confidence} confidence`)),
      safe ? el("a", { href: page.link, rel: "noreferrer noopener", target: "_blank" }, visible(page.spec)) : visible(page.spec)),
    el("dl", null, page.why && [el("dt", null, "Why"), el("dd", null, visible(page.why))],
      el("dt", null, "Fix"), el("dd", { class: "fix" }, visible(page.fix))),
    page.bad.slice(0, 1).map((sample) => example("bad", sample)),
    page.good.slice(0, 1).map((sample) => example("good", sample)),
    page.bad.length + page.good.length > 2 && el("details", null, el("summary", null, "More examples"),
      page.bad.slice(1).map((sample) => example("bad", sample)), page.good.slice(1).map((sample) => example("good", sample))));
}

const example = (kind, sample) => el("div", { class: `example ${kind}` }, el("p", null, icon(kind), kind === "bad" ? "Bad" : "Good"),
  el("pre", null, visible(sample.replace(/^\n+|\s+$/g, ""), true)));

/* All together */

let tiles = [];

function update() {
  choose();
  for (const one of tiles) one.update();
  if (groups.length) for (const key of ["rule", "host", "status", "level"]) updateFacet(key);
  for (const [key, element] of Object.entries(selects)) {
    element.value = state[key];
    element.classList.toggle("set", state[key] !== element.options[0].value);
  }
  const filtered = state.query || state.severity || state.rule || state.host || state.status || state.level || state.shown !== "active";
  byId("clear").hidden = !filtered;
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

function clear() {
  Object.assign(state, { severity: "", rule: "", host: "", status: "", level: "", shown: "active" });
  search.value = "";
  ask(true);
}

byId("clear").addEventListener("click", () => {
  clear();
  byId("q").focus();
});
more.addEventListener("click", () => {
  const last = rendered;
  renderMore(BATCH);
  rows()[last]?.focus();
});
new IntersectionObserver((seen) => {
  if (seen.some((one) => one.isIntersecting) && !more.hidden) renderMore(BATCH);
}, { rootMargin: "600px" }).observe(more);

let waiting = 0;
const search = byId("q");
function ask(changed) {
  clearTimeout(waiting);
  if (state.query === search.value && !changed) return;
  state.query = search.value;
  update();
}
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 100);
});

document.addEventListener("keydown", (event) => {
  const at = document.activeElement;
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape" && at === search && search.value) {
    event.preventDefault();
    search.value = "";
    ask();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (at === search || at.classList.contains("row"))) {
    ask();
    const all = rows();
    const from = at === search ? -1 : all.indexOf(at);
    if (event.key === "ArrowDown" && from + 1 >= all.length) renderMore(BATCH);
    const to = event.key === "ArrowDown" ? rows()[from + 1] : from > 0 ? all[from - 1] : from === 0 ? search : null;
    if (to) {
      event.preventDefault();
      to.focus();
    }
  }
});

addEventListener("beforeprint", () => renderMore(LISTED));

byId("version").textContent = data.version;
tiles = overview();
if (groups.length) {
  bar();
  update();
} else {
  byId("findings").hidden = true;
}
byId("report").hidden = false;

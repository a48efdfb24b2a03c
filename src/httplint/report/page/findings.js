/* The findings: an overview by what they have in common, and a list. */
const BATCH = 60;
const LISTED = 500;

const totals = {};
const tones = { severity: new Map(), rule: new Map(), host: new Map(), status: new Map(), level: new Map() };
const facetRows = {};
const SHORT = 6;

function set(key, value) {
  state[key] = state[key] === value ? USUAL[key] : value;
  if (!LISTS.includes(state.view)) state.view = "findings";
  update();
}

function facetRow(key, value, most) {
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
  const list = el("ul", null, values.slice(0, SHORT).map(([value]) => facetRow(key, value, most)));
  const rest = values.slice(SHORT, LISTED);
  const button = rest.length > 0 && el("button", { type: "button", class: "link", onclick: () => {
    list.append(...rest.map(([value]) => facetRow(key, value, most)));
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
    for (const key of ["severity", "rule", "host", "level"]) tones[key].set(FACETS[key].of(group), group.severity);
    for (const code of group.counts.keys()) tones.status.set(code, group.severity);
  }
  const rank = (key, value) => SEVERITIES.indexOf(tones[key].get(value));
  for (const key of Object.keys(FACETS)) {
    const sums = new Map();
    for (const group of active.length ? active : groups) {
      if (FACETS[key].of) sums.set(FACETS[key].of(group), (sums.get(FACETS[key].of(group)) || 0) + group.total);
      else for (const [code, count] of group.counts) sums.set(code, (sums.get(code) || 0) + count);
    }
    totals[key] = Array.from(sums).sort((a, b) => rank(key, a[0]) - rank(key, b[0]) || b[1] - a[1] || compare(a[0], b[0]));
  }
  const found = summary.findings;
  const all = SEVERITIES.reduce((sum, severity) => sum + (found[severity]), 0);
  const spoken = SEVERITIES.filter((severity) => found[severity]).map((severity) => (severity === "info"
    ? `${number(found.info)} info` : plural(found[severity], severity)));
  const entries = summary.entries;
  byId("verdict").textContent = entries.linted ? `${all ? plural(all, "finding") : "No findings"} in ${plural(entries.linted, "exchange")}` : "Nothing checked";
  document.title = `${spoken.length ? spoken.join(", ") : entries.linted ? "no findings" : "nothing checked"} \u2013 httplint`;
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
  return tiles;
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

/** What a filter of exchanges lets choose: the values that there are. */
const valuesOf = (key) => Array.from(new Set(exchanges.map((exchange) => exchange[key]))).filter(Boolean);
const options = (any, values, name) => [["", any], ...Array.from(new Set(values)).sort(compare).slice(0, LISTED).map((value) => [value, name ? name(value) : value])];

function bar() {
  const of = (key) => totals[key].map(([value]) => value);
  const [hosts, files, methods] = [options("All hosts", [...of("host"), ...valuesOf("host")]), options("All files", valuesOf("file")),
    options("All methods", valuesOf("method"))];
  byId("filters").append(...[
    select("severity", "Severity", [["", "All severities"], ...SEVERITIES.map((severity) => [severity, severity])]),
    groups.length && select("rule", "Rule", options("All rules", of("rule"))),
    hosts.length > 2 && select("host", "Host", hosts),
    methods.length > 2 && select("method", "Method", methods),
    select("status", "Status code", options("All status codes", [...of("status"), ...valuesOf("status")], FACETS.status.name)),
    files.length > 2 && select("file", "File", files),
    groups.some((group) => group.kind) && select("shown", "Suppressed findings",
      [["active", "Without suppressed"], ["suppressed", "Suppressed only"], ["all", "With suppressed"]]),
    select("with", "Exchanges to show", [["", "All exchanges"], ["findings", "With findings"], ["none", "Without findings"]]),
    select("by", "Rows", [["", "By rule"], ["endpoint", "By endpoint"]]),
    select("arrange", "Order", [["", "Most severe first"], ["rule", "Grouped by rule"], ["host", "Grouped by host"]]),
    select("sort", "Sort exchanges", [["", "As captured"], ["slow", "Slowest first"], ["severe", "Most severe first"]]),
  ].filter(Boolean));
}

/* The list */

const list = byId("list");
const more = byId("more");
let rendered = 0;
let heading = null;
let into = null;
/** The ids of what is open, which stays so when its list is drawn anew. */
const open = new Set();

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

/** The rows in sight, those of endpoints in opened blocks among them. */
const rows = () => Array.from(list.querySelectorAll(".row")).filter((row) => !row.closest("[hidden]"));

const where = ({ group, parts }) => [
  el("span", { class: "mono" }, visible(group.rule)),
  group.host === OTHERS ? "at more hosts and paths than this page has room for" : group.host || group.path ? el("span", { class: "mono" }, visible(`${group.method} ${group.host}${group.path}`.trim()))
    : !parts && "request not captured",
  parts && el("span", null, plural(parts.length, "endpoint")),
  group.field && el("span", null, visible(group.field)),
  group.counts.size < 4 && el("span", null, Array.from(group.counts.keys()).join(", ")),
  group.confidence !== "high" && el("span", { class: "tag" }, visible(`${group.confidence} confidence`)),
  group.kind && el("span", { class: "tag" }, visible(KINDS[group.kind] || group.kind)),
].filter(Boolean).map((part) => (typeof part === "string" ? el("span", null, part) : part));

/** What the row of an endpoint says in its block, which says the rest. */
const within = (group, block) => [el("span", { class: "mono" }, visible(`${group.method} ${group.path}`.trim() || "(no path)")),
  group.message !== block.message && el("span", null, visible(group.message)),
  group.counts.size < 4 && el("span", null, Array.from(group.counts.keys()).join(", "))];

/** A row that opens: of a block, of an endpoint; of an endpoint in a `block`. */
function groupItem(view, block) {
  const group = view.group;
  const id = `${view.parts ? "b" : "g"}${group.index}`;
  const times = view.times > 1 || group.total > 1 ? `\u00d7${number(view.times)}` : "";
  const button = el("button", { type: "button", class: block ? "row within" : "row", "aria-expanded": "false", "aria-controls": id },
    block ? el("span", { class: "where" }, within(group, block))
      : [el("span", { class: "severity" }, icon(group.kind ? "suppressed" : group.severity), group.severity),
        el("span", { class: "what" }, el("span", { class: "says" }, visible(group.message)), el("span", { class: "where" }, where(view)))],
    el("span", { class: "times" }, times), icon("chevron"));
  const detail = el("div", { class: "detail", id, hidden: true });
  const item = view.item = el("li", { class: `group ${group.kind ? "suppressed" : group.severity}` }, button, detail);
  folding(item, button, detail, (first) => (view.parts ? fillBlock(detail, view) : fill(detail, view, first, !block)),
    (to) => opened(to ? group.key : block ? block.key : "", ""));
  return item;
}

/** Lets the row of an item open and close. `fill`: fills what it opens, the first time; `tell`: whether it is open now. */
function folding(item, button, detail, fill, tell) {
  function toggle(to = detail.hidden, first = 0) {
    detail.hidden = !to;
    button.setAttribute("aria-expanded", String(to));
    if (to) open.add(detail.id);
    else open.delete(detail.id);
    if (to && !detail.firstChild) fill(first);
  }
  button.addEventListener("click", () => {
    toggle();
    tell(!detail.hidden);
  });
  item.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || detail.hidden) return;
    toggle(false);
    tell(false);
    button.focus();
    event.stopPropagation();
  });
  item.toggle = toggle;
  if (open.has(detail.id)) toggle(true);
}

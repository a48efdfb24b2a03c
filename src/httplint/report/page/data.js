/* The data of a report, what is asked for of it, and what that chooses. */
const KINDS = { waiver: "waived", baseline: "in the baseline", "third-party": "of a third party" };
const OTHERS = "(others)";
const UNKNOWN_HOST = "(host not known)";
const UNKNOWN_FILE = "(not in a file)";
const CLASSES = ["", "informational", "successful", "redirection", "client error", "server error"];

/** Items by what they have in common. */
function grouped(items, common) {
  const out = new Map();
  for (const item of items) {
    const key = common(item);
    if (!out.has(key)) out.set(key, []);
    out.get(key).push(item);
  }
  return out;
}

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

/** An endpoint by its name, "GET https://shop.example/items/{id}": method, host with scheme, path template. */
const ENDPOINT = /^(.*?) ((?:[a-z][a-z0-9+.-]*:\/\/[^/]*)?)(.*)$/s;
const endpointOf = (name) => {
  const [, method, host, path] = ENDPOINT.exec(name) || [null, "", "", name];
  return { name, method, host: host || UNKNOWN_HOST, path };
};
const endpoints = new Map();
function endpoint(name) {
  if (!endpoints.has(name)) endpoints.set(name, endpointOf(name));
  return endpoints.get(name);
}

const exchanges = [];
const messageIslands = islands("messages");
islands("places").forEach((island, chunk) => {
  JSON.parse(island.textContent).forEach((head, at) => {
    const place = endpoint(text(head[9]));
    const exchange = { status: String(head[0]), method: text(head[1]), uri: head[2] === 0 ? null : head[2], path: text(head[3]),
      entry: head[4], line: head[5], column: head[6], started: head[7], duration: head[8], endpoint: place.name, host: place.host,
      number: head[10], chunk, at, found: [] };
    exchange.file = exchange.path || UNKNOWN_FILE;
    for (const [group, message, side, part, index, offset, reason] of head.slice(11)) {
      const one = { exchange, group: groups[group], message: message === 0 ? groups[group].message : text(message),
        side: text(side), part: text(part), index, offset, reason: text(reason) };
      exchange.found.push(one);
      groups[group].places.push(one);
    }
    exchanges.push(exchange);
  });
  island.remove();
});
exchanges.sort((a, b) => a.number - b.number);

const lines = [];
function messagesOf(exchange) {
  lines[exchange.chunk] ??= messageIslands[exchange.chunk].textContent.split("\n");
  const line = lines[exchange.chunk][exchange.at];
  return line ? JSON.parse(line) : null;
}

/** A short name for a group that stays the same from one report to the next: its rule, and a digest (FNV-1a) of the rest. */
function keyOf(group) {
  let hash = 0x811c9dc5;
  for (const char of [group.host, group.method, group.path, group.field, group.severity, group.kind].join("\n")) {
    hash = Math.imul(hash ^ char.codePointAt(0), 0x01000193);
  }
  return `${group.rule}~${(hash >>> 0).toString(16).padStart(8, "0")}`;
}
const byKey = new Map();

/** Groups of one severity, rule, field, host and kind of suppression, at whatever endpoints: what is to be mended once. */
const blocks = new Map();
for (const group of groups) {
  const name = JSON.stringify([group.rank, group.rule, group.field.toLowerCase(), group.host, group.kind]);
  if (!blocks.has(name)) {
    const block = { ...group, method: "", path: "", counts: new Map(), total: 0, places: [] };
    block.key = keyOf({ ...block, field: group.field.toLowerCase() });
    byKey.set(block.key, block);
    blocks.set(name, block);
  }
  const block = group.block = blocks.get(name);
  block.total += group.total;
  for (const [code, count] of group.counts) block.counts.set(code, (block.counts.get(code) || 0) + count);
}
for (const group of groups) byKey.set((group.key = keyOf(group)), group);

const usual = (a, b) => a.rank - b.rank || (a.host === OTHERS) - (b.host === OTHERS) || b.total - a.total || a.order - b.order || compare(a.host, b.host)
  || compare(a.path, b.path) || compare(a.method, b.method) || compare(a.field, b.field) || a.index - b.index;
const sorted = groups.slice().sort(usual);

/* What is asked for */

const USUAL = { query: "", severity: "", rule: "", host: "", method: "", status: "", level: "", file: "", endpoint: "",
  with: "", shown: "active", by: "", arrange: "", sort: "" };
/** How things are shown, which is no filter. */
const MANNERS = ["by", "arrange", "sort"];
const state = { view: "findings", ...USUAL };
const FACETS = {
  severity: { of: (group) => group.severity },
  rule: { of: (group) => group.rule, title: "By rule", any: "All rules" },
  host: { of: (group) => group.host || UNKNOWN_HOST, title: "By host", any: "All hosts" },
  status: { title: "By status code", any: "All status codes", name: (code) => `${code} ${CLASSES[code[0]] || ""}`.trim() },
  level: { of: (group) => group.level, title: "By level" },
};
/** What only an exchange tells, and not what its findings have in common with others. */
const OF_EXCHANGES = ["file", "method", "endpoint"];

const passes = (group, except) => Object.entries(FACETS).every(([key, facet]) => key === except || !facet.of || !state[key]
  || facet.of(group) === state[key]);
const isThere = (exchange) => OF_EXCHANGES.every((key) => !state[key] || exchange[key] === state[key]);
const shownNow = (group) => state.shown === "all" || (state.shown === "active") === !group.kind;
const wordsOf = () => state.query.toLowerCase().split(/\s+/).filter(Boolean);

const haystack = (group) => (group.hay ??= [group.severity, group.rule, group.level, data.rules[group.rule].title, group.message,
  group.field, group.host + group.path, group.method, group.kind && KINDS[group.kind]].join("\n").toLowerCase());
const placeHay = (place) => (place.hay ??= [place.message, place.exchange.uri || "", place.exchange.status, place.exchange.path,
  place.reason].join("\n").toLowerCase());

/** The findings of a group that the search finds: all of them, some places, or none (null). */
function searched(group, words) {
  const hay = haystack(group);
  const rest = words.filter((word) => !hay.includes(word));
  const some = OF_EXCHANGES.some((key) => state[key]);
  if (!rest.length && !some) return { group, places: group.places, whole: true };
  const places = group.places.filter((place) => isThere(place.exchange) && rest.every((word) => placeHay(place).includes(word)));
  return places.length ? { group, places, whole: false } : null;
}

/** The same by status code: how many, of that code or of all. */
function counted(hit, status) {
  if (hit.whole) return status ? hit.group.counts.get(status) || 0 : hit.group.total;
  return status ? hit.places.filter((place) => place.exchange.status === status).length : hit.places.length;
}

let hits = [];
let views = [];

/** Views of endpoints as views of their blocks; one that is alone stays itself. */
function together(some) {
  return Array.from(grouped(some, (view) => view.group.block), ([group, parts]) => (parts.length === 1 ? parts[0]
    : { group, parts, times: parts.reduce((sum, view) => sum + view.times, 0) })).sort((a, b) => usual(a.group, b.group));
}

/** Whether a row has the finding of a link: that of its group, of an endpoint in its block, or of its block. */
const holds = (view, key) => view.group.key === key || view.group.block?.key === key || Boolean(view.parts?.some((part) => part.group.key === key));

function choose() {
  const words = wordsOf();
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
  if (!state.by) views = together(views);
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

/* Exchanges */

const hayOf = (exchange) => (exchange.hay ??= [exchange.method, exchange.uri || "", exchange.status, exchange.path,
  ...exchange.found.map((place) => haystack(place.group))].join("\n").toLowerCase());

/** The findings of an exchange that count under the filters. */
const foundIn = (exchange) => exchange.found.filter((place) => shownNow(place.group));
const worstOf = (found) => found.reduce((worst, place) => Math.min(worst, place.group.rank), SEVERITIES.length);

/** The exchanges that are asked for. */
function chosenExchanges() {
  const words = wordsOf();
  const asked = ["severity", "rule", "level"].filter((key) => state[key]);
  const chosen = exchanges.filter((exchange) => {
    if (!isThere(exchange) || (state.status && exchange.status !== state.status) || (state.host && exchange.host !== state.host)) return false;
    const found = foundIn(exchange);
    if (state.with && (state.with === "findings") !== found.length > 0) return false;
    return (!asked.length || found.some((place) => passes(place.group, "host")))
      && words.every((word) => hayOf(exchange).includes(word));
  });
  const slow = (exchange) => exchange.duration ?? -1;
  if (state.sort === "slow") chosen.sort((a, b) => slow(b) - slow(a) || a.number - b.number);
  if (state.sort === "severe") chosen.sort((a, b) => worstOf(foundIn(a)) - worstOf(foundIn(b)) || foundIn(b).length - foundIn(a).length || a.number - b.number);
  return chosen;
}

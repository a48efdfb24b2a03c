/* All exchanges, with a waterfall of their times: a list for each capture, whose times have an axis of their own. */
const traffic = byId("traffic");
const moreTraffic = byId("more-traffic");
let chosen = [];
let drawn = 0;
let track = null;

const CLOCK = { timeZone: "UTC", hour12: false, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
const moment = (milliseconds) => `${new Date(milliseconds).toLocaleString("sv-SE", CLOCK)} UTC`;

function lasting(milliseconds) {
  if (milliseconds < 10) return `${Number(milliseconds.toFixed(1))} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 120 ? `${minutes} min` : minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${number(Math.round(minutes / 1440))} days`;
}

/** The begin and the length of the times of a file. */
const axes = new Map();
for (const exchange of exchanges) {
  if (exchange.started == null) continue;
  const axis = axes.get(exchange.file) || { from: Infinity, to: -Infinity };
  axis.from = Math.min(axis.from, exchange.started);
  axis.to = Math.max(axis.to, exchange.started + (exchange.duration || 0));
  axes.set(exchange.file, axis);
}
const slowest = exchanges.reduce((most, exchange) => Math.max(most, exchange.duration || 0), 1);

/** The bar of an exchange: where it lies on the axis of its file; among the slowest, how long it took. */
function barOf(exchange) {
  const axis = axes.get(exchange.file);
  const bar = el("i", { class: exchange.duration == null ? "instant" : null });
  if (state.sort === "slow") {
    if (exchange.duration == null) return el("span", { class: "track unknown" });
    bar.style.width = `${(100 * exchange.duration) / slowest}%`;
  } else {
    if (exchange.started == null) return el("span", { class: "track unknown" });
    const length = Math.max(1, axis.to - axis.from);
    bar.style.left = `${Math.min(99.5, (100 * (exchange.started - axis.from)) / length)}%`;
    bar.style.width = `${(100 * (exchange.duration || 0)) / length}%`;
  }
  return el("span", { class: "track", "aria-hidden": "true" }, bar);
}

const whereOf = (exchange) => (exchange.uri == null ? ["request not captured"]
  : exchange.uri.startsWith(exchange.host) ? [el("span", { class: "soft" }, visible(exchange.host)), visible(exchange.uri.slice(exchange.host.length) || "/")]
    : [visible(exchange.uri)]);

function verdictOf(exchange) {
  const found = foundIn(exchange);
  if (!found.length) return el("span", { class: "worst good" }, el("span", { class: "quiet" }, "no findings"));
  const worst = SEVERITIES[worstOf(found)];
  const tone = found.every((place) => place.group.kind) ? "suppressed" : worst;
  return el("span", { class: `worst ${tone}` }, icon(tone), number(found.length), el("span", { class: "quiet" }, ` ${found.length === 1 ? "finding" : "findings"}, the worst is ${worst}`));
}

/** `within`: begins the ids of its elements where it is no item of the list of all. */
function exchangeItem(exchange, within = "") {
  const id = `${within}x${exchange.number}`;
  const took = exchange.duration == null ? "time not known" : lasting(exchange.duration);
  const button = el("button", { type: "button", class: "row trip", "aria-expanded": "false", "aria-controls": id },
    el("span", { class: "no" }, number(exchange.number)),
    el("span", { class: `code c${exchange.status[0]}` }, exchange.status),
    el("span", { class: "verb" }, visible(exchange.method)),
    el("span", { class: "uri", title: plainly(exchange.uri || "") }, whereOf(exchange)),
    verdictOf(exchange),
    el("span", { class: exchange.duration == null ? "took soft" : "took" }, exchange.duration == null
      ? [el("span", { "aria-hidden": "true" }, "\u2013"), el("span", { class: "quiet" }, took)] : took),
    barOf(exchange), icon("chevron"));
  const detail = el("div", { class: "detail", id, hidden: true });
  const item = el("li", { class: "group" }, button, detail);
  folding(item, button, detail, () => fillExchange(detail, exchange), (to) => within || opened("", to ? exchange.number : ""));
  return item;
}

function fillExchange(detail, exchange) {
  const shown = el("div", { class: "exchange" });
  const here = el("div", { class: "here" });
  const rule = el("div");
  const times = exchange.started == null ? "When it was is not known" : moment(exchange.started);
  const took = exchange.duration == null ? "how long it took is not known" : `took ${lasting(exchange.duration)}`;
  detail.append(el("div", { class: "places" }, el("span", null, `${times}, ${took}`), el("span", { class: "source mono" }, visible(sourceOf(exchange))),
    el("div", { class: "acts" }, linkCopier(() => ({ view: "exchanges", exchange: exchange.number })),
      copier("Copy as rule example", () => exampleOf(exchange)))),
    el("div", { class: "columns" }, shown, el("div", { class: "side" }, here, rule)));
  showExchange(shown, here, exchange, null);
  const tell = (place) => rule.replaceChildren(rulePage(place.group));
  here.addEventListener("click", (event) => {
    const from = event.target.closest("[data-n]");
    if (from) tell(exchange.found[from.dataset.n - 1]);
  });
  if (exchange.found.length) tell(exchange.found[0]);
}

function headingOf(exchange, all) {
  const axis = axes.get(exchange.file);
  return el("h3", { class: "arranged" }, el("span", { class: "mono" }, visible(exchange.file)), el("span", { class: "soft" }, ` \u00d7${number(all.get(exchange.file))}`,
    axis ? [", ", moment(axis.from), axis.to > axis.from ? `, over ${lasting(axis.to - axis.from)}` : ""] : ", when is not known"));
}

function drawMore(count) {
  const perFile = new Map();
  for (const exchange of chosen) perFile.set(exchange.file, (perFile.get(exchange.file) || 0) + 1);
  for (const exchange of chosen.slice(drawn, drawn + count)) {
    const key = state.sort ? "" : exchange.file;
    if (!track || track.key !== key) {
      if (!state.sort) traffic.append(headingOf(exchange, perFile));
      track = { key, list: el("ol", { class: "groups trips" }) };
      traffic.append(track.list);
    }
    track.list.append(exchangeItem(exchange));
  }
  drawn = Math.min(chosen.length, drawn + count);
  moreTraffic.hidden = drawn >= chosen.length;
  moreTraffic.textContent = `Show more (${number(chosen.length - drawn)} left)`;
}

/** What is not in the list, though it was judged. */
function unlisted() {
  const left = summary.entries.linted - exchanges.length;
  return left > 0 ? `; ${plural(left, "more exchange")} ${left === 1 ? "is" : "are"} counted, but not listed in this page` : "";
}

function drawExchanges() {
  chosen = chosenExchanges();
  traffic.replaceChildren();
  drawn = 0;
  track = null;
  drawMore(BATCH);
  if (!chosen.length) traffic.append(el("p", { class: "nothing" }, exchanges.length ? "Nothing matches." : "No exchange was captured."));
}

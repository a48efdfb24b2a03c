/* An opened group or exchange: places, messages, what was found in them, and the page of the rule. */

function sourceOf(exchange) {
  const line = exchange.line ? `:${exchange.line}:${exchange.column}` : "";
  const entry = exchange.entry == null ? "" : `entry ${exchange.entry}`;
  return exchange.path ? `${exchange.path}${line}${entry && ` (${entry})`}` : entry;
}

/** An opened block: its endpoints, and the page of the rule. */
function fillBlock(detail, view) {
  const { group, parts } = view;
  const place = parts.find((part) => part.places.length)?.places[0];
  const listed = el("ul", { class: "groups" });
  const further = el("button", { type: "button", class: "step", onclick: () => {
    const last = listed.children.length;
    view.grow(last + BATCH);
    listed.children[last].firstChild.focus();
  } });
  view.grow = (to) => {
    for (const part of parts.slice(listed.children.length, to)) listed.append(groupItem(part, group));
    further.hidden = listed.children.length >= parts.length;
    further.textContent = `Show more endpoints (${number(parts.length - listed.children.length)} left)`;
  };
  view.grow(BATCH);
  detail.append(el("div", { class: "places" }, el("b", null, `${plural(view.times, "finding")} at ${plural(parts.length, "endpoint")}`),
    el("div", { class: "acts" }, linkCopier(() => ({ finding: group.key })), copier("Copy waiver", () => waiverFor(group)),
      place && copier("Copy as rule example", () => exampleOf(place.exchange)))),
  el("div", { class: "columns" }, el("div", null, el("h3", { class: "quiet" }, "Endpoints"), listed, el("p", { class: "more" }, further)),
    el("div", { class: "side ahead" }, rulePage(group))));
}

/** `first`: the number of the exchange to show first, if it is among the places. `alone`: with the page of the rule. */
function fill(detail, view, first, alone) {
  const { group, places } = view;
  const shown = el("div", { class: "exchange" });
  const here = el("div", { class: "here" });
  const nav = el("div", { class: "places" });
  let at = -1;
  const acts = el("div", { class: "acts" },
    linkCopier(() => ({ finding: group.key, exchange: at > 0 ? places[at].exchange.number : "" })),
    copier("Copy waiver", () => waiverFor(group)));
  detail.append(nav, el("div", { class: "columns" }, shown, el("div", { class: "side" }, here, alone && rulePage(group))));
  if (!places.length) {
    nav.append(acts, "This group came when the page was full: its findings are counted, their exchanges are not kept.");
    return;
  }
  const label = el("b", { "aria-live": "polite" });
  const source = el("span", { class: "source mono" });
  const step = (by, word) => el("button", { type: "button", class: "step", onclick: () => go(at + by) }, word);
  const [previous, next] = [step(-1, "Previous"), step(1, "Next")];
  const buttons = [];
  function go(to) {
    if (to < 0 || to >= places.length) return;
    buttons[at]?.removeAttribute("aria-current");
    if (at >= 0) opened(group.key, to ? places[to].exchange.number : "");
    at = to;
    buttons[at]?.setAttribute("aria-current", "true");
    const exchange = places[at].exchange;
    const left = view.times > places.length ? ` of ${number(view.times)}; the first ${number(places.length)} ${places.length === 1 ? "is" : "are"} kept in this page` : "";
    label.textContent = view.times > 1 ? `Finding ${number(at + 1)}${left || ` of ${number(places.length)}`}` : "";
    source.replaceChildren(visible(sourceOf(exchange)));
    previous.setAttribute("aria-disabled", String(at === 0));
    next.setAttribute("aria-disabled", String(at === places.length - 1));
    showExchange(shown, here, exchange, places[at]);
  }
  if (view.times > 1) nav.append(label);
  if (places.length > 1) nav.append(el("span", { class: "steps" }, previous, next));
  nav.append(source, acts);
  acts.append(copier("Copy as rule example", () => exampleOf(places[at].exchange)));
  if (places.length > 1) nav.append(allPlaces(places, buttons, () => at, go));
  go(Math.max(0, places.findIndex((place) => place.exchange.number === first)));
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

/** `current`: the finding that it is shown for, if it is. */
function showExchange(shown, here, exchange, current) {
  const found = exchange.found.slice(0, 50).map((place, at) => ({ place, number: at + 1, id: `p${++pins}`, current: place === current }));
  if (current && !found.some((one) => one.current)) found.push({ place: current, number: found.length + 1, id: `p${++pins}`, current: true });
  const messages = messagesOf(exchange);
  shown.replaceChildren(...(messages ? exchangeParts(exchange, messages, found)
    : [el("p", { class: "soft" }, visible(`${exchange.method} ${exchange.uri ?? ""}`), ` \u2192 ${exchange.status}. `,
      "The messages of this exchange are not in this page, which keeps those of the first findings of each group.")]));
  here.replaceChildren(el("h3", null, found.length ? `${plural(found.length, "finding")} in this exchange` : "No findings in this exchange"),
    el("ul", null, found.map((one) => el("li", { class: tone(one) },
      el("button", { type: "button", "data-n": one.number, "data-role": "finding", "aria-describedby": messages ? one.id : null },
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
for (const type of ["mouseover", "mouseout", "focusin", "focusout"]) byId("report").addEventListener(type, lit);
byId("report").addEventListener("click", (event) => {
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
    const [version, fields, content, target, claimed] = request;
    const finds = of("request");
    out.push(message("Request", () => [visible(exchange.method), " ",
      el("span", { class: "soft" }, visible(text(target) || exchange.uri || ""), " ", versionOf(version, claimed))],
    finds, { fields, content }, () => take((place) => place.side === "request")));
  } else {
    out.push(el("p", { class: "message aside" }, "The request was not captured."));
  }
  interim.forEach(([status, version, reason, fields], at) => {
    const finds = (part, count) => take((place) => place.side === "interim response" && place.part === part && place.index < count
      && sameLine(place, fields));
    const last = at === interim.length - 1;
    out.push(message("Interim response", () => statusLine(status, versionOf(version, 0), text(reason)), finds, { fields },
      () => (last ? take((place) => place.side === "interim response") : [])));
  });
  const [version, reason, fields, content, trailers, claimed] = response;
  out.push(message("Response", () => statusLine(exchange.status, versionOf(version, claimed), text(reason)), of("response"),
    { fields, content, trailers }, () => take(() => true)));
  return out;
}

/** Whether the line of an interim response is that of the finding: there may be several interim responses. */
function sameLine(place, fields) {
  if (place.part !== "field") return true;
  const name = fields && fields[1 + 2 * place.index];
  return name !== undefined && text(name).toLowerCase() === place.group.field.toLowerCase();
}

/** The version of a message; where it is not known, what the capture says of it. */
const versionOf = (version, claimed) => visible((version == null && text(claimed)) || `HTTP/${version ?? "?"}`);
const statusLine = (status, version, reason) => [el("span", { class: "soft" }, version, " "), String(status),
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
    body.append(line(() => [nameOf(name), ": ", valueOf(value, ones)], ones), ...ones.map(note));
  }
  if (fields[0]) body.append(el("p", { class: "aside" }, `and ${plural(fields[0], "more line")}`));
}

const isAddress = (address) => /^https:\/\/[^\s]+$/.test(address);

/** The name of a field, linked to the section that defines it. */
function nameOf(name) {
  const [section, address] = Object.hasOwn(data.fields, name.toLowerCase()) ? data.fields[name.toLowerCase()] : ["", ""];
  return isAddress(address) ? el("a", { class: "name", href: address, title: plainly(section), rel: "noreferrer noopener", target: "_blank" }, visible(name))
    : el("span", { class: "name" }, visible(name));
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
  return el("div", { class: "rule" },
    el("h3", { class: "mono" }, visible(group.rule)),
    el("p", { class: "title" }, visible(page.title)),
    el("p", { class: "facts" }, el("span", { class: "tag" }, visible(page.level)),
      group.basis !== "explicit" && el("span", { class: "tag" }, visible(group.basis)),
      el("span", { class: "tag" }, visible(`${group.confidence} confidence`)),
      isAddress(page.link) ? el("a", { href: page.link, rel: "noreferrer noopener", target: "_blank" }, visible(page.spec)) : visible(page.spec)),
    el("dl", null, page.why && [el("dt", null, "Why"), el("dd", null, visible(page.why))],
      el("dt", null, "Fix"), el("dd", { class: "fix" }, visible(page.fix))),
    page.bad.slice(0, 1).map((sample) => example("bad", sample)),
    page.good.slice(0, 1).map((sample) => example("good", sample)),
    page.bad.length + page.good.length > 2 && el("details", null, el("summary", null, "More examples"),
      page.bad.slice(1).map((sample) => example("bad", sample)), page.good.slice(1).map((sample) => example("good", sample))));
}

const example = (kind, sample) => el("div", { class: `example ${kind}` }, el("p", null, icon(kind), kind === "bad" ? "Bad" : "Good"),
  el("pre", null, visible(sample.replace(/^\n+|\s+$/g, ""), true)));

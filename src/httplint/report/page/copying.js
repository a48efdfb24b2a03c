/* What can be copied: links, waivers, examples of rules. */
const said = byId("said");
let quiet = 0;

const copier = (label, make) => {
  const button = el("button", { type: "button", class: "act", onclick: () => copy(button, make()) }, label);
  return button;
};

/** For a link to what is asked for then; not where the address of the page ends with it, as that of a blob does. */
const linkCopier = (asked) => location.protocol !== "blob:" && copier("Copy link", () => linkTo(asked()));

/** Puts a text on the clipboard; where the browser does not let us, shows it, to be copied by hand. */
async function copy(button, copied) {
  const tell = (told) => {
    said.textContent = told;
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 2000);
    clearTimeout(quiet);                                  // of what was copied just before
    quiet = setTimeout(() => { said.textContent = ""; }, 2000);
  };
  if (!copied) {
    tell("There is nothing to copy: the messages of this exchange are not in this page.");
    return;
  }
  try {
    await navigator.clipboard.writeText(copied);
    tell("Copied");
  } catch {
    const area = el("textarea", { class: "byhand", rows: "6", readonly: true, "aria-label": "Copy this text" });
    area.value = copied;
    const acts = button.closest(".acts");
    acts.parentNode.querySelector(".byhand")?.remove();
    acts.after(area);
    area.focus();
    area.select();
    tell("The browser does not allow to copy: the text is selected");
  }
}

/** A string of TOML, whatever is in it. */
const toml = (value) => `"${Array.from(value, (char) => {
  if (char === '"' || char === "\\") return "\\" + char;
  if (char === "\n") return "\\n";
  if (/\p{Cs}/u.test(char)) return "\ufffd";
  return ODD.test(char) ? `\\U${char.codePointAt(0).toString(16).padStart(8, "0")}` : char;
}).join("")}"`;

/** A [[waiver]] of the configuration for the findings of a group. */
function waiverFor(group) {
  const host = group.host === OTHERS ? "" : group.host.replace(/^[a-z][a-z0-9+.-]*:\/\//, "");
  const path = group.path.replaceAll(/\*\*+/g, "*").replace(/\u2026$/, "*");
  return ["[[waiver]]", `rule = ${toml(group.rule)}`,
    /^[^\s/@?#]+$/.test(host) ? `host = ${toml(host)}` : "", /^\/[^?#]*$/.test(path) ? `path = ${toml(path)}` : "",
    'reason = "say here why this is accepted"', '# expires = "2030-12-31"'].filter(Boolean).join("\n") + "\n";
}

const STRANGE = /[^\P{C}\n\t]/u;

/** The content as it can stand in an example: empty, or all of it, in lines that end with CRLF; else null. */
function contentOfExample(content) {
  if (!content) return null;
  const [begin, size, clipped] = [text(content[0]), content[1], content[2]];
  const plain = begin.replaceAll("\r\n", "\n");
  return clipped || new TextEncoder().encode(begin).length !== size || /^(?:---\s*$|<<)/m.test(plain) || /^\s|\s$/.test(plain)
    || /[\r\n]/.test(begin.replaceAll("\r\n", "")) || STRANGE.test(plain) ? null : plain;
}

const flat = (value) => value.replaceAll(/[\r\n]+/g, " ");

function* linesOfExample(mark, fields) {
  for (let at = 1; fields && at < fields.length; at += 2) {
    const name = text(fields[at]);
    if (/^[^\s:]+$/.test(name)) yield `${mark} ${name}: ${flat(text(fields[at + 1]))}`.trimEnd();
  }
}

function requestOfExample(exchange, [version, fields, content, target]) {
  let where = text(target) || exchange.uri || "/";
  const [, host, path] = /^http:\/\/([^/?#]*)(.*)$/s.exec(where) || [];
  if (path !== undefined) where = path.startsWith("/") ? path : `/${path}`;
  const named = (fields || []).some((name, at) => at % 2 === 1 && text(name).toLowerCase() === "host");
  const sent = contentOfExample(content);
  return [`> ${exchange.method} ${flat(where).replaceAll(" ", "%20")} HTTP/${version || "1.1"}`, host && !named ? `> Host: ${host}` : "",
    ...linesOfExample(">", fields), ...(sent ? [">", sent] : [])].filter(Boolean);
}

/** An exchange in the notation of rules' examples, as the key of a rule file. */
function exampleOf(exchange) {
  const messages = messagesOf(exchange);
  if (!messages) return "";
  const [request, interim, response] = messages;
  const status = (code, version, reason) => `< HTTP/${version || "1.1"} ${code} ${flat(text(reason))}`.trimEnd();
  const content = contentOfExample(response[3]);
  const written = [
    ...(exchange.started ? [`* started ${new Date(exchange.started).toISOString()}`] : []),
    ...(request && /^\S+$/.test(exchange.method) ? requestOfExample(exchange, request) : []),
    ...interim.flatMap(([code, version, reason, fields]) => [status(code, version, reason), ...linesOfExample("<", fields), "<"]),
    status(exchange.status, response[0], response[1]), ...linesOfExample("<", response[2]),
    ...(content === null ? [] : ["<", ...(content ? [content] : []), ...linesOfExample("<<", response[4])]),
  ].join("\n") + "\n";
  const literal = !written.includes("'''") && !STRANGE.test(written);
  return `${exchange.found.length ? "bad" : "good"} = [${literal ? `'''\n${written}'''` : toml(written)}]\n`;
}

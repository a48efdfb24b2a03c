/* What the pages share. Whatever comes from the traffic becomes text nodes, never markup: see `visible`. */
const SEVERITIES = ["error", "warning", "info"];
const SVG = "http://www.w3.org/2000/svg";

const byId = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");
const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many || one + "s"}`;

/** An element; attributes by name, listeners by `onclick` and the like; children are nodes or texts of our own. */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  for (const child of children.flat(Infinity)) if (child != null && child !== false) element.append(child);
  return element;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

const ODD = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const ODD_BUT_LINES = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

function escaped(char) {
  const code = char.codePointAt(0);
  return code < 256 ? "\\x" + code.toString(16).padStart(2, "0") : "\\u{" + code.toString(16) + "}";
}

/** Text of the traffic: control, format and like characters are shown as escapes, so that none hides or reorders. */
function visible(text, lines) {
  const odd = lines ? ODD_BUT_LINES : ODD;
  if (lines) text = text.replaceAll("\r\n", "\n");
  const fragment = document.createDocumentFragment();
  if (!odd.test(text)) {
    fragment.append(text);
    return fragment;
  }
  let plain = "";
  let strange = "";
  const flush = () => {
    if (plain) fragment.append(plain);
    if (strange) fragment.append(el("span", { class: "odd" }, strange));
    plain = strange = "";
  };
  for (const char of text) {
    if (odd.test(char)) {
      if (plain) flush();
      strange += escaped(char);
    } else {
      if (strange) flush();
      plain += char;
    }
  }
  flush();
  return fragment;
}

/** The same for attributes and options, which hold no elements. */
const plainly = (text) => Array.from(text, (char) => (ODD.test(char) ? escaped(char) : char)).join("");

const islands = (kind) => Array.from(document.querySelectorAll(`script[data-island="${kind}"]`));
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

const table = (head, rows) => el("table", null,
  el("thead", null, el("tr", null, head.map((title, at) => el("th", { scope: "col", class: at === 1 && "amount" }, title)))),
  el("tbody", null, rows));

/* Light or dark */

const theme = byId("theme");
function dress(choice) {
  if (choice) document.documentElement.dataset.theme = choice;
  else delete document.documentElement.dataset.theme;
  theme.value = choice;
}
try {
  dress(localStorage.getItem("httplint-theme") || "");
} catch {
  dress("");
}
byId("themes").hidden = false;
theme.addEventListener("change", () => {
  dress(theme.value);
  try {
    localStorage.setItem("httplint-theme", theme.value);
  } catch { /* a browser that keeps nothing */ }
});

/* The options: a form, words of the command line, and what a link says of them. A link holds these and the name of a sample,
   and nothing else; what it says is taken only as far as it could have been chosen here. */

const byId = (id) => document.getElementById(id);
const PREFIXES = /^[a-z0-9.,-]{1,300}$/;
const LONGEST = 2000;
const OF_A_SAMPLE = /^(?:violating|conforming|[a-z0-9-]{1,60}\.[a-z0-9-]{1,80})$/;

const choice = (id) => {
  const field = byId(id);
  const [{ value: usual }] = field.options;
  const values = Array.from(field.options, ({ value }) => value);
  return { id, field, usual, read: () => field.value, allowed: (value) => values.includes(value) };
};
const prefixes = (id) => {
  const field = byId(id);
  return { id, field, usual: "", read: () => field.value.replaceAll(/\s+/g, ""), allowed: (value) => PREFIXES.test(value) };
};
const all = [choice("profile"), choice("severity"), prefixes("select"), prefixes("ignore")];

/** The options that are not as usual, each with its value. */
const set = () => all.map((option) => ({ ...option, value: option.read() })).filter(({ value, usual }) => value !== usual);

/** Words of the command line; what begins like an option is no value of its own. */
export const words = () => set().flatMap(({ id, value }) => (value.startsWith("-") ? [`--${id}=${value}`] : [`--${id}`, value]));

/** The fragment of a link: these options, and a sample. */
export function fragment(sample) {
  const told = set().filter(({ value, allowed }) => allowed(value)).map(({ id, value }) => `${id}=${value}`);
  const parts = [...(OF_A_SAMPLE.test(sample) ? [`sample=${sample}`] : []), ...told];
  return parts.length ? `#${parts.join("&")}` : "";
}

/** Takes over what a fragment says, and returns the name of its sample; null if it says nothing of what a link holds. */
export function take(hash) {
  const told = new URLSearchParams(hash.slice(1, LONGEST));
  if (!["sample", ...all.map(({ id }) => id)].some((name) => told.has(name))) return null;
  for (const { id, field, usual, allowed } of all) {
    const value = told.get(id);
    field.value = value !== null && allowed(value) ? value : usual;
  }
  brief();
  const sample = told.get("sample") || "";
  return OF_A_SAMPLE.test(sample) ? sample : "";
}

function brief() {
  byId("options-brief").textContent = set().map(({ id, value }) => `${id} ${value}`).join(", ");
}

/** Shows what the command said of the options; nothing if they are as they should be. */
export function complain(said) {
  const place = byId("options-said");
  place.textContent = said;
  place.hidden = !said;
  if (said) {
    byId("options").open = true;
    place.scrollIntoView({ block: "nearest" });
  }
  for (const { id, field, read } of all) {
    const wrong = said && read() && read().split(",").some((one) => said.includes(`'${one}'`));
    field.ariaInvalid = wrong ? "true" : null;
  }
}

/** Calls a function whenever another option holds. */
export function watch(heard) {
  brief();
  for (const { field } of all) {
    field.addEventListener("change", () => {
      brief();
      heard();
    });
  }
}

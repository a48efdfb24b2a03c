/* What is to be linted: files that are chosen, dropped or pasted, text, samples. Names of files are not to be trusted: they
   become words of a command line and names in a directory. */

const LONGEST = 120;

/** A name that a file can have in the directory of the command, and that no other has; `taken` learns it. */
export function nameFor(name, taken) {
  const plain = name.replaceAll(/[/\\\p{C}\p{Zl}\p{Zp}]/gu, "_");
  const [, stem, suffix] = /^(.*?)((?:\.[^.]{1,10}){0,2})$/u.exec(/^\.{0,2}$/.test(plain) ? "capture" : plain);
  const short = Array.from(stem).slice(0, LONGEST - suffix.length).join("");
  let made = short + suffix;
  for (let next = 2; taken.has(made); next++) made = `${short}-${next}${suffix}`;
  taken.add(made);
  return made;
}

/** How a name stands in a command line: not as an option, nor as standard input. */
export const word = (name) => (name.startsWith("-") ? `./${name}` : name);

/** Words of a command line, as a shell takes them. */
export const quoted = (words) => words.map((one) => (
  /^[\w./,:=@%+-]+$/.test(one) ? one : `'${one.replaceAll("'", "'\\''")}'`)).join(" ");

/** What is linted: its title, its files, the name of the sample, if a link may tell it, and files that the command looks for. */
const capture = (title, files, sample = "", beside = []) => ({ title, files, sample, beside });

const CONFIGURATIONS = ["httplint.toml", "pyproject.toml"];

/** Captures, and beside them, if the command finds a configuration there, that and the files of rules that it may name. Null
    if there is no capture. */
export function ofFiles(files, reserved) {
  const taken = new Set(reserved);
  const named = Array.from(files, (data) => ({ name: nameFor(data.name, taken), data }));
  const configured = named.some(({ name }) => CONFIGURATIONS.includes(name));
  const beside = configured ? named.filter(({ name }) => name.endsWith(".toml")) : [];
  const linted = named.filter((one) => !beside.includes(one));
  return linted.length ? capture(linted.length === 1 ? linted[0].name : `${linted.length} files`, linted, "", beside) : null;
}

const textFile = (name, text) => [{ name, data: new Blob([text], { type: "text/plain" }) }];

export const ofText = (text) => capture("the pasted text", textFile("pasted.txt", text));

export const ofExample = (rule, text) => capture(`the example of ${rule}`, textFile(`${rule}.txt`, text), rule);

export const SAMPLES = { violating: "the sample with faults", conforming: "the sample without faults" };

export async function ofSample(name, signal) {
  const answer = await fetch(new URL(`samples/${name}.har`, import.meta.url), { signal });
  if (!answer.ok) throw new Error(name);
  return capture(SAMPLES[name], [{ name: `${name}.har`, data: await answer.blob() }], name);
}

/** The name of a file that is no more as it was when it was chosen; browsers then refuse to read it. */
export async function changed(files) {
  for (const { name, data } of files) {
    try {
      await data.slice(0, 1).arrayBuffer();
    } catch {
      return name;
    }
  }
  return "";
}

/** Watches the page for files and text: `took.files` and `took.text` are called with them, `took.refused` with a reason. */
export function watch(took) {
  const root = document.documentElement;
  const file = document.getElementById("file");
  document.getElementById("choose").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const files = [...file.files];
    file.value = "";                                       // the same file can be chosen again
    if (files.length) took.files(files);
  });

  let within = 0;
  const over = (on) => {
    within = on ? within : 0;
    root.classList.toggle("over", on);
  };
  const holds = (event, kind) => event.dataTransfer?.types.includes(kind);
  const inField = (target) => target instanceof Element && target.closest("input, textarea");
  document.addEventListener("dragenter", (event) => {
    if (!holds(event, "Files")) return;
    within += 1;
    over(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (holds(event, "Files") && --within <= 0) over(false);
  });
  document.addEventListener("dragover", (event) => {
    if (!holds(event, "Files") && (inField(event.target) || !holds(event, "text/plain"))) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  document.addEventListener("drop", (event) => {
    over(false);
    const { dataTransfer: data, target } = event;
    if (holds(event, "Files")) {
      event.preventDefault();
      const directory = [...data.items].map((item) => item.webkitGetAsEntry?.()).find((entry) => entry?.isDirectory);
      if (directory) took.refused(`${directory.name} is a directory: drop the files that are in it.`);
      else if (data.files.length) took.files([...data.files]);
    } else if (!inField(target) && data.getData("text/plain").trim()) {
      event.preventDefault();
      took.text(data.getData("text/plain"));
    }
  });
  document.addEventListener("paste", (event) => {
    const { clipboardData: data, target } = event;
    const text = data?.getData("text/plain") || "";
    if (data?.files.length && !text) {
      event.preventDefault();
      took.files([...data.files]);
    } else if (!inField(target) && text.trim()) {
      event.preventDefault();
      took.text(text);
    }
  });
}

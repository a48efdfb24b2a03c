/* Runs the command `httplint` in Pyodide, one command at a time.

   In:  { id, argv: ["check", "site.har", …], files: [{ name, data: Blob }], results: ["report.html"] }
        { id, example: "405.allow-missing" }
   Out: { ready: { version, python, rules, took } } or { broken } once; then for each id any number of
        { id, share, said } and one { id, status, out, err, files: { name: Blob } }, { id, text } or
        { id, failed, dead, cause }. `broken` and `failed` are in plain words; whether it is `dead` then, is said.

   A command runs in the directory of its files, which are read where they are and not copied, and writes its results
   into /out. What it does cannot be interrupted from outside: that would need memory that the page and the worker share,
   which a browser grants to sites alone whose server sends fields (Cross-Origin-Opener-Policy, -Embedder-Policy) that
   servers of files do not. So whoever cancels ends the worker: see linter.mjs. */

const HOME = "/home/pyodide", IN = "/in", OUT = "/out";
const NO_FILE = 44, UNREADABLE = 29;                       // ENOENT and EIO, as Emscripten numbers them

let python, play, unreadable;

const part = (path) => new URL(path, import.meta.url);

/** Something that the page needs is not there, or is not what it should be; the message says so in plain words. */
class Broken extends Error {}

const missing = (name, why) => new Broken(`${name}, which the page needs, could not be loaded (${why})`);
const damaged = (name, cause) => new Broken(
  `${name}, which the page needs, is not whole, or not what belongs to this page`, { cause });

const nameOf = (address) => new URL(address).pathname.split("/").at(-1);

/** Fetches a part of the page, whatever asks for it; nothing of elsewhere, and nothing that is not as it should be. */
async function fetched(address, options) {
  const { href, origin } = new URL(address, import.meta.url);
  if (origin !== location.origin && origin !== new URL(import.meta.url).origin)
    throw new Broken(`${href} is no part of this page`);
  let answer;
  try { answer = await ofNetwork(href, options); } catch { throw missing(nameOf(href), "no answer"); }
  if (!answer.ok) throw missing(nameOf(href), `the server answered ${answer.status}`);
  return answer;
}
const ofNetwork = self.fetch.bind(self);

/** Imports a module of the page. */
const imported = (path) => import(part(path)).catch((error) => {
  throw error instanceof SyntaxError ? damaged(nameOf(part(path)), error) : missing(nameOf(part(path)), "no answer");
});

/** Pyodide. It says on the console what is wrong with a part of it, and waits for ever: `broken` rejects then. */
async function loaded() {
  // Pyodide tries whether it is in a worker that is no module; Firefox would tell its console of the policy that forbids it.
  globalThis.importScripts = () => { throw new TypeError("a module imports no scripts"); };
  let giveUp;
  const broken = new Promise((_, reject) => { giveUp = reject; });
  const watched = (promise) => (promise.catch(giveUp), promise);
  const { instantiateStreaming } = WebAssembly;
  self.fetch = (address, options) => watched(fetched(address, options));
  WebAssembly.instantiateStreaming = async (answer, imports) => {
    const wasm = await answer;
    const known = wasm.headers.get("Content-Type")?.startsWith("application/wasm");
    const typed = known ? wasm : new Response(wasm.body, { headers: { "Content-Type": "application/wasm" } });
    return watched(instantiateStreaming.call(WebAssembly, typed, imports)
      .catch((error) => { throw damaged(nameOf(wasm.url), error); }));
  };
  const start = async () => {
    const running = imported("pyodide/pyodide.asm.mjs");   // Pyodide would ask for it in its turn
    running.catch(giveUp);
    const { loadPyodide } = await imported("pyodide/pyodide.mjs");
    return loadPyodide({
      indexURL: part("pyodide/").href,
      packageBaseUrl: part("pyodide/").href,               // else it would be a server of others
      createPyodideModule: async (settings) => (await running).default(settings),
      env: { COLUMNS: "100000" },                          // the page wraps lines, as wide as it is
    });
  };
  try {
    return await Promise.race([start(), broken]);
  } finally {
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

/** The wheels, as [name, octets]. */
async function wheels() {
  const names = await (await fetched(part("packages.json"))).json();
  return Promise.all(names.map(async (name) => [name, await (await fetched(part(`packages/${name}`))).arrayBuffer()]));
}

async function begin() {
  const begun = performance.now();
  const packages = wheels();
  const glue = fetched(part("play.py")).then((answer) => answer.text());
  [python] = await Promise.all([loaded(), packages, glue]);
  const { FS } = python;
  const extractDir = python.runPython("import site; site.getsitepackages()[0]");
  for (const [name, octets] of await packages)
    try { python.unpackArchive(octets, "wheel", { extractDir }); } catch (error) { throw damaged(name, error); }
  FS.writeFile(`${HOME}/play.py`, await glue);
  play = python.pyimport("play");
  FS.mkdir(IN);
  FS.mkdir(OUT);
  watchReads(FS);
  const [version, ofPython, rules] = play.about().toJs();
  postMessage({ ready: { version, python: ofPython, rules, took: performance.now() - begun } });
}

/** A file that was changed or removed since it was chosen, or that is a directory, is an error of reading to Python;
    what the browser throws would end it. */
function watchReads(FS) {
  const { stream_ops: operations } = FS.filesystems.WORKERFS;
  const { read } = operations;
  operations.read = (stream, ...given) => {
    try { return read(stream, ...given); } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      unreadable.add(stream.node.name);
      throw new FS.ErrnoError(UNREADABLE);
    }
  };
}

/** Takes away all that is in a directory. */
function empty(FS, directory) {
  for (const name of FS.readdir(directory)) {
    if (name === "." || name === "..") continue;
    const path = `${directory}/${name}`;
    if (FS.isDir(FS.lstat(path).mode)) {
      empty(FS, path);
      FS.rmdir(path);
    } else FS.unlink(path);
  }
}

/** What a command has written, by name, as far as it did. */
function taken(FS, names) {
  const written = {};
  for (const name of names)
    try { written[name] = new Blob([FS.readFile(`${OUT}/${name}`)]); } catch (error) {
      if (error.errno !== NO_FILE) throw error;
    }
  return written;
}

function command({ id, argv, files = [], results = [] }) {
  const { FS } = python;
  unreadable = new Set();
  FS.mount(FS.filesystems.WORKERFS, { blobs: files }, IN);
  FS.chdir(IN);
  try {
    const words = python.toPy(argv);
    const answer = play.command(words, (share, said) => postMessage({ id, share, said }));
    const [status, out, err] = answer.toJs();
    answer.destroy();
    words.destroy();
    const also = [...unreadable].map((name) => `httplint: ${name}: it was changed or removed since it was chosen, `
      + "or is no file; choose it again\n");
    postMessage({ id, status, out, err: err + also.join(""), files: taken(FS, results) });
  } finally {
    FS.chdir(HOME);
    FS.unmount(IN);
    empty(FS, OUT);
  }
}

/** What has to be said of an error: in words, and whether nothing can be run any more. */
function failure(error) {
  const text = String(error);
  const cause = `${error?.message ?? text}`.trim().split("\n").at(-1);
  if (/MemoryError|out of memory|memory allocation|(grow|enlarge) memory/i.test(cause)) return { dead: true, failed: "there is not enough memory in the browser for this input; "
    + "the command httplint on the command line may need less", cause };
  if (/call stack|recursion/i.test(text)) return { dead: true, failed: "this input is nested too deeply for a browser; "
    + "the command httplint on the command line may read it", cause };
  return { dead: error?.name !== "PythonError", failed: "httplint broke off at this input, which is a fault of it", cause };
}

const begun = begin().catch((error) => {
  postMessage({ broken: error instanceof Broken ? error.message
    : "this browser cannot run what the page needs, or a part of the page is damaged", cause: String(error) });
  throw error;
});
begun.catch(() => { /* it is told */ });

onmessage = async ({ data }) => {
  await begun;
  try {
    if (data.example !== undefined) postMessage({ id: data.id, text: play.example(data.example) });
    else {
      command(data);
      play.tidy();                                         // while what it answered is shown
    }
  } catch (error) {
    postMessage({ id: data.id, ...failure(error) });
  }
};

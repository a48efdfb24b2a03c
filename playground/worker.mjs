/* Runs the command `httplint` in Pyodide, one command at a time.

   In:  { id, argv: ["check", "site.har", …], files: [{ name, data: Blob }], results: ["report.html"] }
        { id, example: "405.allow-missing" }
   Out: { ready: { version, python, rules, took } } or { broken } once; then for each id any number of
        { id, share, said } and one { id, status, out, err, files: { name: Blob } }, { id, text } or { id, failed }.

   A command runs in the directory of its files, which are read where they are and not copied, and writes its results
   into /out. */
let python, play;

const part = (path) => new URL(path, import.meta.url);
const octets = async (path) => {
  const answer = await fetch(part(path));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
};

async function begin() {
  const begun = performance.now();
  // Pyodide tries whether it is in a worker that is no module; Firefox would tell its console of the policy that forbids it.
  globalThis.importScripts = () => { throw new TypeError("a module imports no scripts"); };
  const { loadPyodide } = await import(part("pyodide/pyodide.mjs"));
  const wheels = octets("packages.json").then((answer) => answer.json())
    .then((names) => Promise.all(names.map(async (name) => (await octets(`packages/${name}`)).arrayBuffer())));
  const glue = octets("play.py").then((answer) => answer.text());
  python = await loadPyodide({ indexURL: part("pyodide/").href });
  const extractDir = python.runPython("import site; site.getsitepackages()[0]");
  for (const wheel of await wheels) python.unpackArchive(wheel, "wheel", { extractDir });
  python.FS.writeFile("/home/pyodide/play.py", await glue);
  play = python.pyimport("play");
  python.FS.mkdir("/in");
  python.FS.mkdir("/out");
  const [version, ofPython, rules] = play.about().toJs();
  postMessage({ ready: { version, python: ofPython, rules, took: performance.now() - begun } });
}

function command({ id, argv, files = [], results = [] }) {
  const { FS } = python;
  FS.mount(FS.filesystems.WORKERFS, { blobs: files }, "/in");
  FS.chdir("/in");
  try {
    const words = python.toPy(argv);
    const [status, out, err] = play.command(words, (share, said) => postMessage({ id, share, said })).toJs();
    words.destroy();
    const written = {};
    for (const name of results) {
      const path = `/out/${name}`;
      if (!FS.analyzePath(path).exists) continue;
      written[name] = new Blob([FS.readFile(path)]);
      FS.unlink(path);
    }
    postMessage({ id, status, out, err, files: written });
  } finally {
    FS.chdir("/home/pyodide");
    FS.unmount("/in");
  }
}

const begun = begin().catch((error) => { postMessage({ broken: String(error) }); throw error; });

onmessage = async ({ data }) => {
  await begun;
  try {
    if (data.example) postMessage({ id: data.id, text: play.example(data.example) });
    else command(data);
  } catch (error) {
    postMessage({ id: data.id, failed: String(error) });
  }
};

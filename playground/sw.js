/* Keeps the files of one version of the page, so that it works without a network. No capture comes by here: the page
   asks for files of its own, and for nothing else.

   All of a version but index.html is in a directory with the name of the version: a page is never given what belongs to
   another version, whoever answers. A version is kept as a whole, each file checked by its digest, or not at all. It takes
   the place of the one before it when no page has that open, or when somebody presses the button; what is kept of an earlier
   version stays for as long as a page has it open, which the page tells by a lock with the name of the cache. */
const VERSION = "";                                        // tools/playground writes it, and the digest of each file
const PARTS = {};

const { href: SCOPE, pathname: ROOT } = new URL(registration.scope);
const cacheOf = (version) => `httplint playground ${SCOPE} ${version}`;
const NAME = cacheOf(VERSION);
const OF_A_VERSION = /^([0-9a-f]{16})\//;

const hex = (buffer) => Array.from(new Uint8Array(buffer), (octet) => octet.toString(16).padStart(2, "0")).join("");
const digest = async (answer) => hex(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
const namesOfOthers = async () => (await caches.keys()).filter((name) => name !== NAME && name.startsWith(cacheOf("")));

/** An answer that does not tell from which URI it came: a script would look for the others there (import.meta.url), and no
    navigation may be answered by what came by a redirect, as from index.html to the directory. */
const anew = async (answer) => new Response(await answer.blob(), { headers: answer.headers });

/** A file that an earlier version has, too. */
async function earlier(path) {
  for (const name of await namesOfOthers()) {
    const version = name.slice(cacheOf("").length);
    const answer = await (await caches.open(name)).match(SCOPE + path.replace(OF_A_VERSION, `${version}/`));
    if (answer && await digest(answer.clone()) === PARTS[path]) return anew(answer);
  }
  return null;
}

/** A file of this version: of an earlier one, of the HTTP cache, of the server. Caches on the way may still have an old one. */
async function found(path) {
  const known = await earlier(path);
  if (known) return known;
  for (const cache of ["default", "reload"]) {
    const answer = await fetch(SCOPE + path, { cache });
    if (!answer.ok || await digest(answer.clone()) !== PARTS[path]) continue;
    return answer.redirected ? anew(answer) : answer;
  }
  throw new DOMException(path, "DataError");
}

/** Keeps what is not kept yet. */
async function keep() {
  const cache = await caches.open(NAME);
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  for (const path of Object.keys(PARTS)) if (!kept.has(SCOPE + path)) await cache.put(SCOPE + path, await found(path));
}

/** Gives up what is kept of versions that no page has open. */
async function discard() {
  if (registration.installing || registration.waiting || !navigator.locks) return;
  const { held } = await navigator.locks.query();
  const open = new Set(held.map(({ name }) => name));
  await Promise.all((await namesOfOthers()).filter((name) => !open.has(name)).map((name) => caches.delete(name)));
}

addEventListener("install", (event) => event.waitUntil(keep().catch(async (error) => {
  await caches.delete(NAME);
  for (const page of await clients.matchAll({ type: "window", includeUncontrolled: true })) {
    page.postMessage({ version: VERSION, failed: error.name });
  }
  throw error;
})));

addEventListener("activate", (event) => event.waitUntil(Promise.all([clients.claim(), discard()])));

addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(skipWaiting());
  if (event.data === "keep") {
    event.waitUntil(discard().then(keep).then(() => ({ version: VERSION }), ({ name }) => ({ version: VERSION, failed: name }))
      .then((answer) => event.ports[0].postMessage(answer)));
  }
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || request.headers.has("range") || origin !== location.origin || !pathname.startsWith(ROOT)) return;
  const path = pathname.slice(ROOT.length) || "index.html";
  const version = OF_A_VERSION.exec(path)?.[1] || VERSION;
  if (version === VERSION && !Object.hasOwn(PARTS, path)) return;
  event.respondWith(caches.match(SCOPE + path, { cacheName: cacheOf(version) })
    .catch(() => undefined).then((kept) => kept || fetch(request)));
});

/* Keeps the files of the page, and nothing else, so that it works without a network. `parts` is written by tools/playground. */
const PARTS = {};
const NAME = "httplint playground";
self.addEventListener("install", (event) => event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(Object.keys(PARTS)))));
self.addEventListener("fetch", (event) => event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request))));

// Without a network: the files of an interview, and one calm page. No page with an answer or a name is ever kept here.
// Keys of journals stand in memory only, for a reload; they go at signing out, and when nobody did anything for long.
// FILES, VERSION and IDLE (seconds) stand above, put there by the server.
"use strict";

const CACHE = `krachtmeting ${VERSION}`;
const CALM = "/offline";
const INTERVIEW = /^\/response\/[^/]+\//;
const AWAY = [502, 503, 504];

const keys = new Map();
let seen = Date.now();
const idle = IDLE * 1000;

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([...FILES, CALM].map((address) => new Request(address, { cache: "reload" })));
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith("krachtmeting ") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && INTERVIEW.test(address.pathname)) event.respondWith(page(request));
  else if (request.method === "GET" && FILES.includes(address.pathname)) event.respondWith(file(request, address.pathname));
});

async function page(request) {
  const answer = await fetch(request).catch(() => null);
  if (answer && !AWAY.includes(answer.status)) return answer;
  const calm = await caches.match(CALM);
  return calm || answer || Response.error();
}

// The server's file wins while it can be had: after an update, scripts must fit the page.
async function file(request, path) {
  const answer = await fetch(request).catch(() => null);
  if (answer && answer.ok) return answer;
  return (await caches.match(path)) || answer || Response.error();
}

// One person at a time: whoever was here before may have gone without signing out.
function onlyOf(owner) {
  for (const [token, held] of keys) if (held.owner !== owner) keys.delete(token);
}

self.addEventListener("message", (event) => {
  const said = event.data || {};
  if (Date.now() - seen > idle) keys.clear();
  if (said.kind === "hold-key") {
    seen = Date.now();
    onlyOf(said.owner);
    keys.set(said.token, { owner: said.owner, key: said.key });
  } else if (said.kind === "forget-keys") keys.clear();
  else if (said.kind === "keys-of") onlyOf(said.owner);
  else if (said.kind === "alive") {
    if (said.active) seen = Date.now();
  } else if (said.kind === "ask-key" && event.ports[0]) event.ports[0].postMessage(keys.get(said.token) || {});
});

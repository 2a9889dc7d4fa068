// The service worker of the desk. It only steps in when the net does not answer; outbox.js stands before it in the same file.
(function () {
  "use strict";
  var PAGE = new URL("without-net", self.registration.scope).pathname, AWAY = [502, 503, 504], gone = false;

  self.addEventListener("install", function () { self.skipWaiting(); });
  self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });

  function keptPage() { return caches.match(PAGE); }
  async function tell(now) {
    if (gone === now) return;
    gone = now;
    (await self.clients.matchAll()).forEach(function (one) { one.postMessage({ gone: now }); });
  }
  // The whole answer: one that is cut off in the middle is none.
  async function whole(request) {
    var answer = await outbox.hurry(fetch(request));
    if (answer.type === "opaqueredirect") return answer;
    if (AWAY.indexOf(answer.status) >= 0) throw new Error("away");
    var headers = new Headers(answer.headers), body = await outbox.hurry(answer.blob()), type = headers.get("Content-Type") || "text/html";
    if (type.indexOf("text/html") === 0 && !/<\/html>\s*$/.test(await body.slice(-20).text())) throw new Error("torn");
    headers.delete("Content-Encoding");
    return new Response(body, { status: answer.status, statusText: answer.statusText, headers: headers });
  }
  function entryOf(form, way) {
    var id = form.get("once") || "", entry = { id: id, tried: true };
    if (!/^[A-Za-z0-9_-]{16,64}$/.test(id)) return null;
    if (form.get("quick")) return null; // answered at once: nobody waits
    if (way === "register") return Object.assign(entry, { kind: "walk_in", service: form.get("service"), language: form.get("language"), party: parseInt(form.get("party"), 10) || 1 });
    var typed = form.getAll("reference").filter(function (one) { return one.trim(); }).pop() || "";
    entry.reference = outbox.reference(typed);
    return entry.reference ? Object.assign(entry, { kind: "check_in" }) : null;
  }
  // Who came, and why they go first, are never kept: whoever filled that in is told so.
  function unkept(form) {
    return ["name", "priority"].some(function (one) { return (form.get(one) || "").trim(); }) ? "+unkept" : "";
  }
  // The adviser's acts go to the desk too; the counter has its own page without the net, kept by its own worker.
  async function counterOf(request) {
    var from = request.referrer ? new URL(request.referrer).pathname : "";
    return /\/counter\/$/.test(from) && (await caches.match(from + "without-net")) ? from : "";
  }
  async function posted(request, url) {
    var way = url.pathname.slice(new URL(self.registration.scope).pathname.length), form = null, entry = null, page = null, answer;
    try {
      page = await keptPage();
      if (page && (way === "register" || way === "check-in")) {
        form = await request.clone().formData();
        entry = entryOf(form, way);
      }
      if (entry) await outbox.keep(entry);
    } catch (noStorage) { entry = null; }
    try { answer = await whole(request); } catch (trouble) {
      var counter = await counterOf(request);
      if (counter) return Response.redirect(counter + "#not-done", 303);
      if (!page) throw trouble;
      if (entry) await outbox.number(entry.id);
      return Response.redirect(PAGE + "#" + (entry ? entry.id + unkept(form) : way === "check-in" ? "by-reference" : "not-done"), 303);
    }
    // A redirect leads to the desk, which says by its address that it arrived, or to the sign-in, when it did not.
    if (entry && answer.type !== "opaqueredirect") await outbox.seen(entry.id);
    return answer;
  }
  async function got(request, url) {
    var page = await keptPage(), id = url.searchParams.get("registered"), answer;
    if (page && url.pathname === PAGE) return page;
    try { answer = await whole(request); } catch (trouble) {
      if (!page) throw trouble;
      if (id && (await outbox.number(id))) return Response.redirect(PAGE + "#" + id, 303);
      return page;
    }
    if (id) await outbox.seen(id).catch(function () {});
    return answer;
  }
  async function aside(request) {
    var kept = await caches.match(request);
    if (kept) return kept;
    try {
      var answer = await fetch(request);
      tell(AWAY.indexOf(answer.status) >= 0);
      return answer;
    } catch (trouble) {
      if (request.redirect !== "error" && trouble.name !== "AbortError") tell(true); // else the asker did not want the answer
      throw trouble;
    }
  }
  self.addEventListener("fetch", function (event) {
    var request = event.request, url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.mode === "navigate") event.respondWith(request.method === "POST" ? posted(request, url) : got(request, url));
    else if (request.method === "GET") event.respondWith(aside(request));
  });
})();

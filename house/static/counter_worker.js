// The service worker of the adviser's counter: when the net does not answer, a page says so and tries again by itself.
(function () {
  "use strict";
  var COUNTER = new URL(self.registration.scope).pathname, PAGE = COUNTER + "without-net";
  var AWAY = [502, 503, 504], PATIENCE = 8000, FRESH = 300000, keptAt = 0;

  // The page and what it is drawn with; nobody is in it, it is the same for everybody.
  async function keep() {
    if (Date.now() - keptAt < FRESH) return;
    var answer = await fetch(PAGE, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return;
    var text = await answer.text(), shelf = await caches.open("counter"), about = {};
    var files = Array.from(text.matchAll(/(?:href|src)="([^"]*\/static\/[^"]+)"/g), function (one) { return one[1]; });
    ["Content-Type", "Content-Security-Policy"].forEach(function (name) { about[name] = answer.headers.get(name); });
    await shelf.addAll(files);
    await shelf.put(PAGE, new Response(text, { headers: about }));
    var wanted = [PAGE].concat(files).map(function (one) { return new URL(one, self.location).href; });
    (await shelf.keys()).forEach(function (one) { if (wanted.indexOf(one.url) < 0) shelf.delete(one); });
    keptAt = Date.now();
  }
  function hurry(promise) {
    return new Promise(function (resolve, reject) {
      var timer = setTimeout(function () { reject(new Error("too slow")); }, PATIENCE);
      promise.then(resolve, reject).then(function () { clearTimeout(timer); });
    });
  }
  async function got(event) {
    try {
      var answer = await hurry(fetch(event.request));
      if (AWAY.indexOf(answer.status) >= 0) throw new Error("away");
      event.waitUntil(keep().catch(function () {}));
      return answer;
    } catch (trouble) {
      var page = await caches.match(PAGE);
      if (!page) throw trouble;
      return page;
    }
  }
  async function file(request) {
    return (await caches.match(request)) || fetch(request);
  }
  self.addEventListener("install", function (event) {
    self.skipWaiting();
    event.waitUntil(keep());
  });
  self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
  self.addEventListener("fetch", function (event) {
    var request = event.request, url = new URL(request.url);
    if (url.origin !== self.location.origin || request.method !== "GET") return;
    if (request.mode === "navigate") event.respondWith(got(event));
    else if (url.pathname.indexOf("/static/") >= 0) event.respondWith(file(request));
  });
})();

// Shows what this browser keeps and sends it when it can: on the desk, and on the page without the net, where it also registers.
(function () {
  "use strict";
  var box = document.querySelector("[data-unsent]");
  if (!box || !window.indexedDB || !window.caches || !navigator.serviceWorker) return;
  var FRESH = 300000, STOPPED = ["gone", "sign-in", "forbidden", "stuck"];
  var ways = box.dataset, netless = document.querySelector("[data-list]"), state = "", wait = 2000, timer = null, sent = [], conflicts = 0, leaving = false;

  function when(name, shown) {
    box.querySelectorAll("[data-when=" + name + "]").forEach(function (one) { one.hidden = !shown; });
  }
  async function show() {
    var entries = await outbox.unsent();
    box.querySelector("[data-count]").textContent = entries.length;
    box.querySelector("[data-sent]").textContent = sent.join(", ");
    when("unsent", entries.length);
    STOPPED.forEach(function (one) { when(one, one === state); });
    when("back", netless && state === "back");
    when("sent", sent.length);
    when("conflict", conflicts);
    when("leaving", leaving);
    box.hidden = !box.querySelector("[data-when]:not([hidden])");
    if (netless) listed(entries);
  }
  async function send() {
    clearTimeout(timer);
    try {
      var found = await outbox.send(ways, netless || STOPPED.indexOf(state) >= 0);
      if (found.state !== "busy") state = found.state;
      found.answers.forEach(function (one) {
        if (one.state === "conflict") conflicts += 1;
        else if (one.ticket) sent.push(one.ticket);
      });
      await show();
    } catch (noStorage) { state = ""; }
    wait = state === "gone" ? Math.min(wait * 2, 30000) : 15000;
    timer = setTimeout(send, wait * (0.75 + Math.random() / 2));
  }
  function soon() { wait = 1000; send(); }

  // The page without the net and what it is drawn with: fetched anew every few minutes, without any visitor.
  async function keepPage() {
    var edition = document.documentElement.lang + document.querySelector("script[src*=outbox]").src, kept = await outbox.recall("kept");
    if (kept && kept.edition === edition && Math.abs(Date.now() - kept.at) < FRESH && (await caches.match(ways.page))) return;
    var answer = await fetch(ways.page, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return;
    var text = await answer.text(), shelf = await caches.open("desk");
    var files = Array.from(text.matchAll(/(?:href|src)="(\/[^"]*\/static\/[^"]+|\/static\/[^"]+)"/g), function (one) { return one[1]; });
    await shelf.addAll(await lacking(shelf, files));
    await shelf.put(ways.page, new Response(text, { headers: { "Content-Type": answer.headers.get("Content-Type"), "Content-Security-Policy": answer.headers.get("Content-Security-Policy") } }));
    var wanted = [ways.page].concat(files).map(function (one) { return new URL(one, location).href; });
    await outbox.about({ kept: { edition: edition, at: Date.now() } });
    (await shelf.keys()).forEach(function (one) { if (wanted.indexOf(one.url) < 0) shelf.delete(one); });
  }
  async function lacking(shelf, files) {
    var there = await Promise.all(files.map(function (one) { return shelf.match(one); }));
    return files.filter(function (_, number) { return !there[number]; });
  }

  function clock(moment) {
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: ways.zone }).format(new Date(moment));
  }
  function listed(entries) {
    var pattern = document.querySelector("[data-line]").content;
    netless.replaceChildren.apply(netless, entries.slice().reverse().map(function (entry) {
      var line = pattern.cloneNode(true), option = document.querySelector("#service option[value='" + CSS.escape(entry.service || "") + "']");
      var words = { number: entry.number ? "Q" + entry.number : "–", what: entry.reference || (option && option.textContent) || entry.service, time: clock(entry.at) };
      Object.keys(words).forEach(function (name) { line.querySelectorAll("[data-of=" + name + "]").forEach(function (one) { one.textContent = words[name]; }); });
      var undo = line.querySelector("[data-undo]");
      undo.hidden = Boolean(entry.tried);
      undo.addEventListener("click", function () { takeBack(entry); });
      return line;
    }));
    netless.hidden = !entries.length;
    document.querySelector("[data-nothing]").hidden = entries.length > 0;
  }
  async function takeBack(entry) {
    var card = document.querySelector("[data-told]");
    if ((await outbox.takeBack(entry.id)) && card.dataset.told === entry.id) card.hidden = true;
    await show();
    document.getElementById("service").focus();
  }
  function say(entry, unkept) {
    var card = document.querySelector("[data-told]");
    card.hidden = false;
    card.dataset.told = entry.id;
    card.querySelector("[data-number]").textContent = entry.number ? "Q" + entry.number : "";
    card.querySelector("[data-none]").hidden = Boolean(entry.number);
    card.querySelector("[data-print]").hidden = !entry.number;
    card.querySelector("[data-unkept]").hidden = !unkept;
  }
  function entryOf(form) {
    var entry = { id: outbox.randomId(), kind: form.dataset.keeps };
    if (entry.kind === "check_in") {
      entry.reference = outbox.reference(form.elements.reference.value);
      return entry.reference ? entry : null;
    }
    entry.service = form.elements.service.value;
    entry.language = form.elements.language.value;
    entry.party = Number(form.elements.party.value);
    return entry.party % 1 === 0 && entry.party >= 1 && entry.party <= Number(form.elements.party.max) ? entry : null;
  }
  function registers(form) {
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      var entry = entryOf(form), wrong = form.querySelector("[data-wrong]");
      wrong.hidden = Boolean(entry);
      if (!entry) return;
      form.reset();
      await outbox.keep(entry);
      say(await outbox.number(entry.id));
      form.querySelector("select, input").focus();
      soon();
    });
  }
  // What the worker says by the address: an entry it kept, with or without all that was filled in, or an act that did not arrive.
  async function greet() {
    var marks = location.hash.slice(1).split("+"), mark = marks[0], note = document.querySelector("[data-note=" + CSS.escape(mark || "none") + "]");
    if (note) note.hidden = false;
    var entry = mark && (await outbox.list()).find(function (one) { return one.id === mark; });
    if (entry) say(entry, marks[1] === "unkept");
    history.replaceState(null, "", location.pathname);
  }

  async function leave(event) {
    var form = event.target;
    if (!/\/sign-out$/.test(form.action) || leaving === "now") return;
    event.preventDefault();
    await caches.delete("desk");
    var first = !leaving && (await outbox.unsent()).length;
    leaving = first ? "asked" : "now";
    if (first) show();
    else form.submit();
  }

  // Who comes back to a form by the browser's button means somebody else: the page before it took care of the first.
  function renew() {
    if (!navigator.serviceWorker.controller) return;
    document.querySelectorAll("input[name=once]").forEach(function (one) { one.value = outbox.randomId(); });
  }
  window.addEventListener("pageshow", function (event) {
    var way = performance.getEntriesByType("navigation")[0];
    if (event.persisted || (way && way.type === "back_forward")) renew();
  });

  async function start() {
    await outbox.about({ zone: ways.zone });
    navigator.serviceWorker.addEventListener("message", function (event) {
      if (event.data.gone === (state === "gone")) return;
      state = event.data.gone ? "gone" : "";
      if (event.data.gone) show(); else soon();
    });
    document.addEventListener("signed-out", function () {
      if (state === "sign-in") return;
      state = "sign-in";
      show();
    });
    window.addEventListener("online", soon);
    window.addEventListener("offline", function () { state = "gone"; show(); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden) soon(); });
    if (netless) {
      await greet();
      document.querySelectorAll("[data-keeps]").forEach(registers);
      document.querySelector("[data-print]").addEventListener("click", function () { window.print(); });
    } else {
      document.addEventListener("submit", leave, true);
      navigator.serviceWorker.register(ways.worker, { scope: ways.scope }).catch(function () {});
      if (/[?&]registered=/.test(location.search)) {
        await outbox.seen(new URLSearchParams(location.search).get("registered"));
        history.replaceState(null, "", location.pathname);
      }
      keepPage().catch(function () {});
    }
    await send();
    box.dataset.stands = "yes";
  }
  start().catch(function () {});
})();

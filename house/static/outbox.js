// What a desk keeps in this browser while the net is gone; the pages and the service worker both use it.
// An entry holds: id, kind, state, at, day, service, language, party, number; for a booking its reference. Never a name.
var outbox = (function () {
  "use strict";
  var STORES = ["entries", "blocks", "about"], LOW = 40, AHEAD = 3, DAY = 864e5, IN_DOUBT = 20000, PATIENCE = 8000;
  var SIGNS = "34679CDFGHJKMNPQRTVWXY", opening = null;
  // As seals.py reads it: on another keyboard the dash of a link comes as + and _ as ?.
  var LINK = new RegExp("(?:^|[^A-Z0-9])([" + SIGNS + "]{7})\\.[A-Z0-9_?+-]{22}(?![A-Z0-9])");

  function base() {
    opening = opening || new Promise(function (resolve, reject) {
      var asked = indexedDB.open("desk", 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore("entries", { keyPath: "id" });
        asked.result.createObjectStore("blocks", { keyPath: "key" });
        asked.result.createObjectStore("about", { keyPath: "name" });
      };
      asked.onsuccess = function () {
        asked.result.onversionchange = function () { asked.result.close(); opening = null; };
        asked.result.onclose = function () { opening = null; };
        resolve(asked.result);
      };
      asked.onerror = function () { opening = null; reject(asked.error); };
    });
    return opening;
  }
  // One transaction over everything: two windows and the worker take turns, so no number is given twice.
  function within(mode, work) {
    return base().then(function (db) {
      return new Promise(function (resolve, reject) {
        var act = db.transaction(STORES, mode), answer, trouble;
        act.oncomplete = function () { resolve(answer); };
        act.onabort = function () { reject(trouble || act.error); };
        function want(request) {
          return new Promise(function (yes) { request.onsuccess = function () { yes(request.result); }; });
        }
        Promise.resolve(work({ entries: act.objectStore("entries"), blocks: act.objectStore("blocks"), about: act.objectStore("about"), want: want }))
          .then(function (found) { answer = found; }, function (error) { trouble = error; try { act.abort(); } catch (over) { reject(error); } });
      });
    });
  }
  function dayOf(zone, moment) {
    return new Intl.DateTimeFormat("en-CA", { timeZone: zone || undefined, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(moment));
  }
  function randomId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (one) { return one.toString(16).padStart(2, "0"); }).join("");
  }
  async function told(act, name) {
    var row = await act.want(act.about.get(name));
    return row && row.value;
  }
  async function clock(act) {
    var zone = await told(act, "zone"), ahead = (await told(act, "ahead")) || 0;
    return function (days) { return dayOf(zone, Date.now() + ahead + days * DAY); };
  }
  function about(values) {
    return within("readwrite", async function (act) {
      for (var name of Object.keys(values)) act.about.put({ name: name, value: values[name] });
    });
  }
  function recall(name) {
    return within("readonly", function (act) { return told(act, name); });
  }
  function browser() {
    return within("readwrite", async function (act) {
      var known = await told(act, "browser");
      if (!known) act.about.put({ name: "browser", value: known = randomId() });
      return known;
    });
  }

  // Keep an entry while its form is on the way ("trying").
  function keep(entry) {
    return within("readwrite", async function (act) {
      var known = await act.want(act.entries.get(entry.id));
      if (!known) act.entries.put(known = Object.assign({ state: "trying", at: Date.now(), number: null }, entry));
      return known;
    });
  }
  // It did not arrive, as far as anybody knows: it waits to be sent, under a number of this desk's own.
  function number(id) {
    return within("readwrite", async function (act) {
      var entry = await act.want(act.entries.get(id));
      if (!entry || entry.state === "waiting") return entry;
      var day = (await clock(act))(0), blocks = await act.want(act.blocks.getAll());
      var block = blocks.filter(function (one) { return one.day === day && one.next <= one.last; })
        .sort(function (one, other) { return one.nth - other.nth; })[0];
      entry.state = "waiting";
      entry.day = day;
      if (block) {
        entry.number = block.next;
        block.next += 1;
        act.blocks.put(block);
      }
      act.entries.put(entry);
      return entry;
    });
  }
  // Its form was answered and the answer was seen. What waits under a number of its own is still to be told.
  function seen(id) {
    return within("readwrite", async function (act) {
      var entry = await act.want(act.entries.get(id));
      if (entry && entry.state === "trying") act.entries.delete(id);
    });
  }
  // Before it is on the way to the house for the first time: from then on nobody here can know that it did not arrive.
  function tried(id) {
    return within("readwrite", async function (act) {
      var entry = await act.want(act.entries.get(id));
      if (entry) act.entries.put(Object.assign(entry, { tried: true }));
      return Boolean(entry);
    });
  }
  // What was a mistake and never left this browser; answers whether it was so. Its number is not given again.
  function takeBack(id) {
    return within("readwrite", async function (act) {
      var entry = await act.want(act.entries.get(id)), here = Boolean(entry && !entry.tried);
      if (here) act.entries.delete(id);
      return here;
    });
  }
  function forget(id) {
    return within("readwrite", async function (act) { act.entries.delete(id); });
  }
  async function list() {
    var all = await within("readonly", function (act) { return act.want(act.entries.getAll()); });
    return all.sort(function (one, other) { return one.at - other.at; });
  }
  function overdue(entry) {
    return entry.state === "waiting" || Math.abs(Date.now() - entry.at) > IN_DOUBT;
  }
  async function unsent() { return (await list()).filter(overdue); }

  function stock(blocks) {
    return within("readwrite", async function (act) {
      var today = (await clock(act))(-1);
      for (var old of await act.want(act.blocks.getAll())) if (old.day < today) act.blocks.delete(old.key);
      for (var one of blocks) {
        var key = one.day + "/" + one.nth;
        if (!(await act.want(act.blocks.get(key)))) act.blocks.put(Object.assign({ key: key, next: one.first }, one));
      }
    });
  }
  // Which block of today to ask for; 0 while there are numbers enough.
  function lacking() {
    return within("readonly", async function (act) {
      var day = await clock(act), blocks = await act.want(act.blocks.getAll());
      function of(date) { return blocks.filter(function (one) { return one.day === date; }); }
      var left = of(day(0)).reduce(function (sum, one) { return sum + one.last - one.next + 1; }, 0);
      var most = of(day(0)).reduce(function (nth, one) { return Math.max(nth, one.nth); }, 0);
      if (left < LOW) return most + 1;
      return of(day(AHEAD)).length ? 0 : most;
    });
  }

  function hurry(promise) {
    return new Promise(function (resolve, reject) {
      var timer = setTimeout(function () { reject(new Error("too slow")); }, PATIENCE);
      promise.then(resolve, reject).then(function () { clearTimeout(timer); });
    });
  }
  function refusal(state) { return Object.assign(new Error(state), { state: state }); }
  async function ask(path, fields) {
    var answer, way = { redirect: "manual", cache: "no-store", credentials: "same-origin" };
    if (fields) Object.assign(way, { method: "POST", body: new URLSearchParams(fields) });
    try { answer = await hurry(fetch(path, way)); } catch (gone) { throw refusal("gone"); }
    if (answer.type === "opaqueredirect") throw refusal("sign-in");
    if (answer.status === 500) return { status: 500 }; // one that the house stumbles over does not hold up the others
    if (answer.status > 500 || answer.status === 429) throw refusal("gone");
    try { return { status: answer.status, said: await hurry(answer.json()) }; } catch (cut) { throw refusal(answer.status === 403 ? "forbidden" : "gone"); }
  }
  async function ready(ways) {
    var before = Date.now(), answer = await ask(ways.ready);
    if (answer.status !== 200) throw refusal(answer.status === 403 ? "forbidden" : "gone");
    await about({ ahead: answer.said.now - (before + Date.now()) / 2 });
    return answer.said.token;
  }
  function fieldsOf(entry, desk, token) {
    var fields = { csrf_token: token, id: entry.id, browser: desk, kind: entry.kind, noted_at: Math.max(0, Math.round(entry.at)), sent_at: Date.now() };
    ["service", "language", "party", "reference", "number"].forEach(function (name) {
      if (entry[name]) fields[name] = entry[name];
    });
    return fields;
  }
  async function sendAll(ways, every) {
    var found = { state: "empty", answers: [] }, entries = await unsent();
    if (!entries.length && !every && !(await lacking())) return found;
    try {
      var token = await ready(ways), desk = await browser();
      found.state = "back";
      for (var entry of entries) {
        if (!(await tried(entry.id))) continue;
        var answer = await ask(ways.send, fieldsOf(entry, desk, token));
        if (answer.status === 403) answer = await ask(ways.send, fieldsOf(entry, desk, token = await ready(ways)));
        if (answer.status === 200) {
          await forget(entry.id);
          found.answers.push(answer.said);
        } else found.state = "stuck";
      }
      var nth = await lacking();
      var blocks = nth ? await ask(ways.numbers, { csrf_token: token, browser: desk, nth: nth }) : null;
      if (blocks && blocks.status === 200) await stock(blocks.said.blocks);
    } catch (trouble) {
      if (!trouble.state) throw trouble;
      found.state = trouble.state;
    }
    return found;
  }
  // Only one window sends at a time; the server would not mind, the number shown would jump.
  function send(ways, every) {
    function work() { return sendAll(ways, every); }
    if (!navigator.locks) return work();
    return navigator.locks.request("desk outbox", { ifAvailable: true }, function (lock) { return lock ? work() : { state: "busy", answers: [] }; });
  }
  // A reference, or the one in a scanned link; anything else may be a name and is not kept.
  function reference(typed) {
    var link = LINK.exec(typed.toUpperCase()), plain = typed.toUpperCase().replace(/[\s.+_-]/g, "");
    return link ? link[1] : new RegExp("^[" + SIGNS + "]{7}$").test(plain) ? plain : "";
  }

  return { about: about, forget: forget, hurry: hurry, keep: keep, lacking: lacking, list: list, number: number, randomId: randomId, recall: recall, reference: reference, seen: seen, send: send, takeBack: takeBack, unsent: unsent };
})();

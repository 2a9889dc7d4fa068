// The board asks every other second what is called, flashes what is new, and says when the house does not answer.
(function () {
  var body = document.body, list = document.querySelector("[data-calls]"), lost = document.querySelector(".lost");
  var clock = document.querySelector(".clock"), sound = document.querySelector("[data-sound]");
  var EVERY = 2000, PATIENCE = 10000, TURN = 8000;
  var mute = document.querySelector("[data-mute]"), WISH = "house-board-sound";
  var tag = "", heard = Date.now(), reload = "", tones = null, groups = 0, shown = 0, seen = {};

  function time(moment) {
    return new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: body.dataset.zone });
  }

  // Whoever is called now and was not seen here before: not who sits down, nor a call that was taken back.
  function newCalls() {
    return Array.from(list.querySelectorAll("[data-call]")).filter(function (one) {
      var known = seen[one.dataset.call];
      seen[one.dataset.call] = true;
      return !known && !one.classList.contains("serving");
    });
  }

  function ring() {
    if (!tones || tones.state !== "running") return;
    [[660, 0], [880, 0.25]].forEach(function (tone) {
      var pipe = tones.createOscillator(), loud = tones.createGain(), at = tones.currentTime + tone[1];
      pipe.frequency.value = tone[0];
      loud.gain.setValueAtTime(0.0001, at);
      loud.gain.exponentialRampToValueAtTime(0.4, at + 0.03);
      loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.6);
      pipe.connect(loud).connect(tones.destination);
      pipe.start(at);
      pipe.stop(at + 0.7);
    });
  }

  function show(now) {
    if (!reload) reload = now.page;
    if (reload !== now.page) return location.reload();
    body.classList.toggle("shut", now.shut);
    list.innerHTML = now.calls;
    var fresh = newCalls();
    fresh.forEach(function (one) { one.classList.add("new"); });
    if (fresh.length) ring();
  }

  function answered() {
    heard = Date.now();
    lost.hidden = true;
    body.classList.remove("away");
  }

  function look() {
    if (Date.now() - heard <= PATIENCE || !lost.hidden) return;
    lost.querySelectorAll("[data-since]").forEach(function (one) { one.textContent = time(heard); });
    lost.hidden = false;
    body.classList.add("away");
  }

  function ask() {
    var given = new AbortController(), limit = setTimeout(function () { given.abort(); }, 5000);
    fetch(body.dataset.now, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", signal: given.signal })
      .then(function (answer) {
        if (answer.status === 304) return answered();
        if (answer.status !== 200) return;
        return answer.json().then(function (now) {
          show(now);
          tag = answer.headers.get("ETag");
          answered();
        });
      })
      .catch(function () {})
      .then(function () {
        clearTimeout(limit);
        setTimeout(ask, EVERY);
      });
  }

  function turn() {
    shown = (shown + 1) % groups;
    document.querySelectorAll("[data-group]").forEach(function (one) { one.hidden = Number(one.dataset.group) !== shown; });
  }

  document.querySelectorAll("[data-group]").forEach(function (one) {
    groups = Math.max(groups, Number(one.dataset.group) + 1);
    if (!one.hidden) shown = Number(one.dataset.group);
  });
  if (groups > 1) setInterval(turn, TURN);

  // The wish for sound stays on this screen. After a reload a browser is silent until the screen is touched: it says so.
  function wished(now) {
    try {
      if (now === undefined) return localStorage.getItem(WISH) === "on";
      if (now) localStorage.setItem(WISH, "on"); else localStorage.removeItem(WISH);
    } catch (error) { return false; } // a browser that keeps nothing
  }

  function hear() {
    var on = !!tones && tones.state === "running";
    sound.setAttribute("aria-pressed", String(on));
    mute.hidden = !tones || on;
  }

  function loud() {
    tones = tones || new AudioContext();
    tones.onstatechange = hear;
    return tones.resume().then(hear, hear);
  }

  if (window.AudioContext) {
    sound.hidden = false;
    sound.addEventListener("click", function () {
      if (tones && !mute.hidden) return loud().then(ring); // it was wished for, and is only silent
      wished(!tones);
      if (tones) { tones.close(); tones = null; return hear(); }
      loud().then(ring);
    });
    ["pointerup", "keyup"].forEach(function (touch) {
      document.addEventListener(touch, function (event) {
        if (tones && tones.state !== "running" && !sound.contains(event.target)) loud().then(ring);
      });
    });
    if (wished()) { loud(); hear(); }
  }

  newCalls();

  function tick() { clock.textContent = time(Date.now()); look(); }
  setInterval(tick, 1000);
  tick();
  ask();
})();

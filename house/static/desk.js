// Keeps the queue fresh without touching what somebody is at, and filters as one types. Without it the desk reloads.
(function () {
  var desk = document.querySelector("[data-fresh]");
  var line = document.querySelector("[data-filter]");
  var tag = "";
  function inUse(part) {
    return part.contains(document.activeElement) || part.querySelector(":active");
  }
  function show(fresh) {
    var parts = Array.from(desk.querySelectorAll("[data-part]"));
    parts.forEach(function (part) {
      if (!inUse(part)) part.innerHTML = fresh[part.dataset.part];
    });
    return !parts.some(inUse);
  }
  function say(what, now) {
    var said = document.querySelector("[data-" + what + "]");
    if (said) said.hidden = !now;
  }
  // An answer that leads elsewhere leads to the sign-in: the session ended, and the house is there.
  function stands(answer) {
    var out = Boolean(answer) && answer.type === "opaqueredirect";
    say("away", !answer || answer.status >= 500);
    say("signed-out", out);
    if (out) document.dispatchEvent(new Event("signed-out"));
  }
  if (desk) setInterval(function () {
    if (document.hidden) return;
    fetch(desk.dataset.fresh, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", redirect: "manual" })
      .then(function (answer) {
        stands(answer);
        if (answer.status !== 200) return;
        return answer.json().then(function (fresh) { tag = show(fresh) ? answer.headers.get("ETag") : ""; });
      })
      .catch(function () { stands(null); });
  }, 5000);

  // What is typed stays in the browser: the whole day is fetched once, and looked through here.
  if (!line) return;
  var found = document.querySelector("[data-found]");
  var coming = document.querySelector("[data-part=coming]");
  var asked = null;
  function plain(words) {
    return words.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  // Who it is: ticket or time, name, reference. Only when that fits nobody: what they come for, and their language.
  function sift(list) {
    var wanted = plain(line.value.trim()), all = Array.from(list.querySelectorAll("li"));
    function fits(one) {
      return Array.from(one.querySelectorAll("bdi:not([lang])")).some(function (part) { return plain(part.textContent).includes(wanted); });
    }
    var fit = all.filter(fits);
    if (!fit.length) fit = all.filter(function (one) { return plain(one.textContent).includes(wanted); });
    all.forEach(function (one) { one.hidden = !fit.includes(one); });
  }
  function today() {
    return fetch(line.dataset.filter, { cache: "no-store", redirect: "manual" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (page) {
        var list = new DOMParser().parseFromString(page, "text/html").getElementById("today");
        if (!list) throw new Error("not for me");
        list.removeAttribute("id");
        found.replaceChildren(list);
      });
  }
  // Who may not see the whole day looks through the next ones, which are on the page.
  function offer(whole) {
    var any = line.value.trim() !== "", list = coming && coming.querySelector("ol");
    if (any && !whole && list) found.replaceChildren(list.cloneNode(true));
    found.hidden = !any || !(whole || list);
    sift(found);
  }
  function look() {
    if (!found) return sift(document);
    if (line.value.trim() === "") { asked = null; return offer(false); }
    asked = asked || today();
    asked.then(function () { offer(true); }, function () { asked = null; offer(false); });
  }
  line.addEventListener("input", look);
  if (line.value) look(); // refused a moment ago: those who fit are there to choose from
})();

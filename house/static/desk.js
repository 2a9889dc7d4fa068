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
  if (desk) setInterval(function () {
    if (document.hidden) return;
    fetch(desk.dataset.fresh, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", redirect: "error" })
      .then(function (answer) {
        if (answer.status !== 200) return;
        return answer.json().then(function (fresh) { tag = show(fresh) ? answer.headers.get("ETag") : ""; });
      })
      .catch(function () {});
  }, 5000);

  // What is typed stays in the browser: the whole day is fetched once, and looked through here.
  if (!line) return;
  var found = document.querySelector("[data-found]");
  var coming = document.querySelector("[data-part=coming]");
  var asked = null;
  function plain(words) {
    return words.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  function sift(list) {
    var wanted = plain(line.value.trim());
    list.querySelectorAll("li").forEach(function (one) { one.hidden = !plain(one.textContent).includes(wanted); });
  }
  function today() {
    return fetch(line.dataset.filter, { cache: "no-store", redirect: "error" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (page) {
        var list = new DOMParser().parseFromString(page, "text/html").getElementById("today");
        found.replaceChildren();
        if (list) { list.removeAttribute("id"); found.append(list); }
      });
  }
  line.addEventListener("input", function () {
    if (!found) return sift(document);
    var any = line.value.trim() !== "";
    if (any && !asked) asked = today().catch(function () { asked = null; });
    if (!any) asked = null;
    found.hidden = !any;
    coming.hidden = any;
    if (asked) asked.then(function () { sift(found); });
  });
})();

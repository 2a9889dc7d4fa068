// Keeps the queue fresh without touching what somebody is at. The desk works by reloading where this does not run.
(function () {
  var desk = document.querySelector("[data-fresh]");
  if (!desk) return;
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
  setInterval(function () {
    if (document.hidden) return;
    fetch(desk.dataset.fresh, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", redirect: "error" })
      .then(function (answer) {
        if (answer.status !== 200) return;
        return answer.json().then(function (fresh) { tag = show(fresh) ? answer.headers.get("ETag") : ""; });
      })
      .catch(function () {});
  }, 5000);
})();

// Keeps the queue fresh without touching what is being typed. The desk works by reloading where this does not run.
(function () {
  var part = document.querySelector("[data-fresh]");
  if (!part) return;
  var tag = "";
  setInterval(function () {
    if (document.hidden || part.contains(document.activeElement)) return;
    fetch(part.dataset.fresh, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", redirect: "error" })
      .then(function (answer) {
        if (answer.status !== 200) return;
        tag = answer.headers.get("ETag") || "";
        return answer.text().then(function (page) { part.innerHTML = page; });
      })
      .catch(function () {});
  }, 5000);
})();

// The adviser's counter and the net: its workers, and on the page that they show in its place the way back by itself.
(function () {
  var ways = document.querySelector("[data-workers]"), gone = document.querySelector("[data-again]");
  if (ways && navigator.serviceWorker && window.caches) {
    [[ways.dataset.worker, ways.dataset.scope], [ways.dataset.deskWorker, ways.dataset.deskScope]].forEach(function (one) {
      navigator.serviceWorker.register(one[0], { scope: one[1] }).catch(function () {});
    });
  }
  if (gone) setInterval(function () {
    fetch(gone.dataset.again, { cache: "no-store", redirect: "manual" })
      .then(function (answer) { if (answer.status < 500) location.replace(gone.href); })
      .catch(function () {});
  }, 4000);
})();

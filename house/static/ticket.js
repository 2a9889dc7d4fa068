// Follows a ticket: asks every ten seconds where it stands. Without this file the page reloads itself.
(function () {
  var part = document.querySelector("[data-ticket]"), away = document.querySelector("[data-away]");
  if (!part) return;
  var tag = "", heard = Date.now(), stands = "";
  function ask() {
    if (document.hidden) return;
    fetch(part.dataset.ticket, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" })
      .then(function (answer) {
        if (answer.status === 410 || answer.status === 404) return location.reload();
        if (answer.status !== 200 && answer.status !== 304) return;
        heard = Date.now();
        away.hidden = true;
        if (answer.status === 304) return;
        return answer.json().then(function (fresh) {
          tag = answer.headers.get("ETag");
          part.innerHTML = fresh.now;
          if (stands === "waiting" && fresh.stands === "called" && navigator.vibrate) navigator.vibrate([300, 150, 300]);
          stands = fresh.stands;
        });
      })
      .catch(function () {})
      .then(function () { if (Date.now() - heard > 25000) away.hidden = false; });
  }
  document.addEventListener("visibilitychange", ask);
  setInterval(ask, 10000);
  ask();
})();

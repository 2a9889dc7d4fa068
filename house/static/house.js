// Only adds comfort: every page works without this file.
(function () {
  var problem = document.querySelector(".summary h2");
  if (problem) problem.focus();

  // A second press within three seconds is not a second wish. Later than the event, so the button's value is still sent.
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (window.caches && /\/sign-out$/.test(event.target.action)) caches.delete("desk");
    if (!button || event.defaultPrevented) return;
    setTimeout(function () { button.disabled = true; });
    setTimeout(function () { button.disabled = false; }, 3000);
  });

  // A time is held for a while: say so three minutes before the end.
  var held = document.querySelector("[data-left]");
  if (held) setTimeout(function () { held.hidden = false; }, (held.dataset.left - 180) * 1000);

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.activeElement.closest("details[open]") || document.querySelector(".langs[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
})();

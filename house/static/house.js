// Only adds comfort: every page works without this file.
(function () {
  var problem = document.querySelector(".summary h2");
  if (problem) problem.focus();

  // A second press within three seconds is not a second wish. Later than the event, so the button's value is still sent.
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || event.defaultPrevented) return;
    setTimeout(function () { button.disabled = true; });
    setTimeout(function () { button.disabled = false; }, 3000);
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.activeElement.closest("details[open]") || document.querySelector(".langs[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
})();

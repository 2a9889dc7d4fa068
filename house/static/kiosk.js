// The kiosk: keys that write without a reload, printing, and back to the start when nobody touches it.
(function () {
  var body = document.body, again = document.querySelector(".again:not([data-desk])"), start = again && again.href, still = document.querySelector(".still");
  var idle = null, leave = null;

  function home() { location.replace(start); }

  function awake() {
    clearTimeout(idle);
    clearTimeout(leave);
    if (still) still.hidden = true;
    idle = setTimeout(function () {
      if (!still) return home();
      still.hidden = false;
      still.querySelector("button").focus();
      leave = setTimeout(home, 15000);
    }, body.classList.contains("soon") ? 25000 : 40000);
  }

  if (start) {
    ["pointerdown", "keydown"].forEach(function (kind) { document.addEventListener(kind, awake); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) home(); });
    awake();
  }

  var keys = document.querySelector("[data-keys]"), line = document.getElementById("typed");
  if (keys && line) keys.addEventListener("click", function (event) {
    var key = event.target.closest("[name=press]");
    if (!key) return;
    event.preventDefault();
    line.value = key.value === "back" ? line.value.slice(0, -1) : line.value + key.value;
  });

  // A second tap on the same button is not a second wish.
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (button) setTimeout(function () { button.disabled = true; });
    setTimeout(function () { if (button) button.disabled = false; }, 3000);
  });

  var press = document.querySelector("[data-press-print]");
  if (press) {
    press.hidden = false;
    press.addEventListener("click", function () { window.print(); });
  }
  // From the desk to the paper and back, without another key.
  var desk = document.querySelector("[data-desk]");
  if (desk) window.addEventListener("afterprint", function () { if (history.length > 1) history.back(); else location.replace(desk.href); });
  if (body.classList.contains("prints")) setTimeout(function () { window.print(); }, 300);
})();

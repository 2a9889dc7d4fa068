// The hints of the access keys as this browser wants them pressed, and the answers of a form by their digits alone.
(function () {
  var one = document.querySelector("[accesskey]"), mac = /^Mac/.test(navigator.platform);
  var label = (one && one.accessKeyLabel) || (mac && one ? "⌃⌥" + one.accessKey : "");
  var held = label && label.slice(0, -one.accessKey.length); // "Alt+Shift+" in Firefox; Chromium has no label, and wants Alt
  if (held) document.querySelectorAll("kbd[data-key]").forEach(function (hint) { hint.textContent = held + hint.dataset.key; });
  if (held) document.querySelectorAll("[data-modifier]").forEach(function (hint) { hint.textContent = held.replace(/\+$/, ""); });

  document.addEventListener("keydown", function (event) {
    var form = event.target.closest && event.target.closest("form[data-digits]");
    if (!form || event.altKey || event.ctrlKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
    if (event.target.matches("select, textarea, input:not([type=radio]):not([type=checkbox])")) return;
    var answer = form.querySelectorAll("[name=" + form.dataset.digits + "]")[event.key - 1];
    if (!answer) return;
    answer.checked = true;
    answer.focus();
  });
})();

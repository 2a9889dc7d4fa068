// A scanner types like a keyboard, wherever the focus is: what comes faster than hands is a code, and checks somebody in.
(function () {
  var line = document.querySelector("form[action$='/desk/check-in'] [name=reference], [data-keeps=check_in] [name=reference]");
  if (!line) return;
  var FAST = 40, LEAST = 7, typed = "", last = 0, before = null;

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    var fast = event.timeStamp - last < FAST, target = document.activeElement;
    if (event.key === "Enter") {
      var code = typed;
      typed = "";
      if (!fast || code.length < LEAST || target === line) return;
      event.preventDefault(); // it was no answer to what had the focus
      event.stopPropagation();
      if (before) before.one.value = before.value;
      line.value = code.slice(0, 300);
      line.form.requestSubmit();
    } else if (event.key.length === 1) {
      if (!fast) {
        typed = "";
        before = "value" in target ? { one: target, value: target.value } : null;
      }
      typed += event.key;
      last = event.timeStamp;
    }
  }, true);
})();

// A scanner types like a keyboard, wherever the focus is: what comes faster than hands is a code, and checks somebody in.
// A slow scanner is no faster than quick hands: there it counts only when it has the shape of one of our own codes.
(function () {
  var line = document.querySelector("form[action$='/desk/check-in'] [name=reference], [data-keeps=check_in] [name=reference]");
  if (!line) return;
  var FAST = 40, SLOW = 120, LEAST = 7, MOST = 300, keys = [], last = 0;

  function typed(some) { return some.map(function (one) { return one.sign; }).join(""); }
  // The keys that were a code, if they were one: the last ones that came fast, or all of them by their shape.
  function code(gap) {
    var from = keys.length;
    while (from > 0 && keys[from - 1].gap < FAST) from -= 1;
    var fast = keys.slice(Math.max(0, from - 1));
    if (gap < FAST && fast.length >= LEAST) return fast;
    return gap < SLOW && outbox.reference(typed(keys)) ? keys : null;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    var gap = event.timeStamp - last, target = document.activeElement;
    if (event.key === "Enter") {
      var found = target === line ? null : code(gap);
      keys = [];
      if (!found) return;
      event.preventDefault(); // it was no answer to what had the focus
      event.stopPropagation();
      if (found[0].one) found[0].one.value = found[0].value;
      line.value = typed(found).slice(0, MOST);
      line.form.requestSubmit();
    } else if (event.key.length === 1) {
      if (gap >= SLOW || keys.length > MOST) keys = [];
      keys.push({ sign: event.key, gap: gap, one: "value" in target ? target : null, value: target.value });
      last = event.timeStamp;
    }
  }, true);
})();

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

// Reads a QR code with the camera and sends the form it stands in. No picture leaves the browser.
(function () {
  var press = document.querySelector("[data-scan]"), box = document.querySelector("[data-scanner]");
  if (!press || !box || !navigator.mediaDevices) return;
  var line = document.getElementById(press.dataset.scan), video = box.querySelector("video");
  var says = box.querySelector("[role=status]"), asks = says.textContent, stream = null, detector = null;

  // Where the browser reads codes itself it does; elsewhere the house's own reader, which comes when it is first needed.
  function reader() {
    var own = window.BarcodeDetector ? BarcodeDetector.getSupportedFormats() : Promise.resolve([]);
    return own.then(function (formats) {
      return formats.indexOf("qr_code") >= 0 ? window : import(box.dataset.readerSrc);
    }).then(function (found) { detector = new found.BarcodeDetector({ formats: ["qr_code"] }); });
  }
  function stop() {
    if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
    stream = null;
    video.srcObject = null;
  }
  function close() {
    stop();
    box.hidden = true;
    press.focus();
  }
  function look() {
    if (!stream) return;
    detector.detect(video).then(function (codes) {
      if (!stream) return;
      if (!codes.length) return setTimeout(look, 200);
      line.value = codes[0].rawValue.slice(0, 300);
      stop();
      box.hidden = true;
      line.form.requestSubmit();
    }).catch(function () { setTimeout(look, 500); });
  }
  function start() {
    says.textContent = asks;
    box.hidden = false;
    box.querySelector("[data-stop]").focus();
    var camera = navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (seen) {
      if (box.hidden) return seen.getTracks().forEach(function (track) { track.stop(); });
      stream = seen;
      video.srcObject = seen;
      return video.play();
    });
    Promise.all([camera, detector || reader()]).then(look).catch(function () { stop(); says.textContent = says.dataset.refused; });
  }

  press.hidden = false;
  press.addEventListener("click", start);
  box.querySelector("[data-stop]").addEventListener("click", close);
  box.addEventListener("keydown", function (event) { if (event.key === "Escape") close(); });
  window.addEventListener("pagehide", stop);
})();

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

/* Counts 优秀 while the table of grades is filled in. The server counts again when it is saved. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-grade-cap]");
  if (!form) { return; }
  var count = form.querySelector("[data-grade-count]");
  var cap = Number(form.dataset.gradeCap);
  function show() {
    var chosen = Array.prototype.filter.call(
      form.querySelectorAll("select[data-grade]"), function (select) { return select.value === "excellent"; }
    ).length;
    var over = chosen > cap ? "，多了 " + (chosen - cap) + " 人" : "";
    count.textContent = "优秀 " + chosen + " / 最多 " + cap + over;
    count.classList.toggle("round-over", chosen > cap);
  }
  form.addEventListener("change", show);
  show();
})();

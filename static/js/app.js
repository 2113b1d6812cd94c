/* Small comforts. Every page works without this file. */
(function () {
  "use strict";

  // A form that answers with a download leaves the page where it is; after this time it may be sent again.
  var DOWNLOAD_MS = 10000;

  function closest(event, selector) {
    return event.target instanceof Element ? event.target.closest(selector) : null;
  }

  function say(text) {
    var live = document.getElementById("live");
    if (live) { live.textContent = ""; window.setTimeout(function () { live.textContent = text; }, 50); }
  }

  // data-confirm: ask before a form is sent. data-guard: send it once.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    var question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (!form.hasAttribute("data-guard")) { return; }
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    window.setTimeout(function () {
      if (event.defaultPrevented) { return; }
      form.dataset.sent = "1";
      form.querySelectorAll("button[type=submit]").forEach(function (button) {
        button.classList.add("is-busy");
        button.setAttribute("aria-disabled", "true");
      });
      window.setTimeout(function () { release(document); }, DOWNLOAD_MS);
    }, 0);
  }, true);

  // The browser may bring a page back as it was left: let its forms be sent again.
  function release(root) {
    root.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll(".is-busy").forEach(function (button) {
        button.classList.remove("is-busy");
        button.removeAttribute("aria-disabled");
      });
    });
  }
  window.addEventListener("pageshow", function () { release(document); });

  // Somebody who types is not away: every five minutes of typing tell the server so, or the text would be lost
  // to the half-hour limit when it is sent. Reading alone does not count.
  var TYPING_MS = 300000;
  var typed = false;
  document.addEventListener("input", function () { typed = true; });
  window.setInterval(function () {
    if (!typed) { return; }
    typed = false;
    window.fetch("/healthz", { credentials: "same-origin", cache: "no-store" }).catch(function () {});
  }, TYPING_MS);

  // data-unsaved: warn before leaving a form that was changed.
  var changed = new Set();
  document.addEventListener("input", function (event) {
    var form = closest(event, "form[data-unsaved]");
    if (form) { changed.add(form); }
  });
  document.addEventListener("submit", function (event) { changed.delete(event.target); });
  window.addEventListener("beforeunload", function (event) {
    changed.forEach(function (form) { if (!form.isConnected) { changed.delete(form); } });
    if (changed.size) { event.preventDefault(); event.returnValue = ""; }
  });

  document.addEventListener("click", function (event) {
    if (closest(event, "[data-print]")) { window.print(); }

    var opener = closest(event, "[data-open-menu]");
    var menu = document.getElementById("menu");
    if (opener && menu) {
      event.preventDefault();
      menu.open = true;
      menu.querySelector("summary").focus();
    } else if (menu && menu.open && !menu.contains(event.target)) {
      menu.open = false;
    }

    var toggle = closest(event, ".ui-filter-toggle");
    if (toggle) { unfold(toggle.closest(".ui-filter"), toggle.getAttribute("aria-expanded") !== "true"); }
  });

  document.addEventListener("keydown", function (event) {
    var menu = document.getElementById("menu");
    if (event.key === "Escape" && menu && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // On a phone the filter folds away, unless it is in use.
  function unfold(filter, open) {
    filter.querySelector(".ui-filter-fields").hidden = !open;
    filter.querySelector(".ui-filter-toggle").setAttribute("aria-expanded", String(open));
  }
  var narrow = window.matchMedia("(max-width: 767.98px)");
  function foldFilters() {
    document.querySelectorAll(".ui-filter[data-collapse]").forEach(function (filter) {
      filter.querySelector(".ui-filter-toggle").hidden = !narrow.matches;
      unfold(filter, !narrow.matches || filter.hasAttribute("data-open"));
    });
  }
  narrow.addEventListener("change", foldFilters);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details[data-print-open]:not([open])").forEach(function (part) {
      part.open = true;
      part.dataset.opened = "";
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-opened]").forEach(function (part) {
      part.open = false;
      delete part.dataset.opened;
    });
  });
  document.querySelectorAll("[data-print][hidden]").forEach(function (button) { button.hidden = false; });
  foldFilters();

  var mistakes = document.querySelector("[data-focus], form .alert-danger");
  if (mistakes) { mistakes.tabIndex = -1; mistakes.focus(); }

  // What htmx brought in is said aloud; a refresh that failed is said, too.
  document.addEventListener("htmx:afterSettle", function (event) {
    var target = event.detail.elt;
    if (target && target.dataset && target.dataset.announce) { say(target.dataset.announce); }
  });
  function failed() {
    release(document);
    var old = document.getElementById("ui-failed");
    if (old) { old.remove(); }
    var note = document.createElement("div");
    note.id = "ui-failed";
    note.className = "ui-notice ui-tone-bad";
    note.setAttribute("role", "alert");
    note.textContent = "没有更新成功，刚才的改动可能没有保存。请检查网络，刷新页面后再试一次。";
    var main = document.getElementById("content");
    main.insertBefore(note, main.firstChild);
    note.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
})();

/* A select with data-search-select becomes a box to type in. The select stays in the form and keeps the value. */
(function () {
  "use strict";

  var number = 0;

  function plain(text) { return text.toLowerCase().replace(/\s+/g, ""); }

  function enhance(select) {
    if (select.dataset.enhanced || select.multiple) { return; }
    select.dataset.enhanced = "1";
    number += 1;

    var box = document.createElement("div");
    box.className = "ui-search-select";
    select.parentNode.insertBefore(box, select);

    var input = document.createElement("input");
    input.type = "text";
    input.className = select.className.replace("form-select", "form-control");
    input.id = select.id + "_search";
    input.autocomplete = "off";
    input.placeholder = select.dataset.placeholder || "输入文字查找";
    input.disabled = select.disabled;
    var list = document.createElement("ul");
    list.className = "ui-search-list";
    list.id = "search-list-" + number;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    ["aria-describedby", "aria-invalid"].forEach(function (name) {
      if (select.hasAttribute(name)) { input.setAttribute(name, select.getAttribute(name)); }
    });
    var label = document.querySelector('label[for="' + select.id + '"]');
    if (label) {
      label.htmlFor = input.id;
      list.setAttribute("aria-label", label.textContent.trim());
    } else if (select.getAttribute("aria-label")) {
      input.setAttribute("aria-label", select.getAttribute("aria-label"));
      list.setAttribute("aria-label", select.getAttribute("aria-label"));
    }
    document.querySelectorAll('a[href="#' + select.id + '"]').forEach(function (link) { link.hash = input.id; });
    box.append(input, list, select);
    select.hidden = true;

    var active = -1;

    function chosenText() {
      var option = select.options[select.selectedIndex];
      return option && option.value ? option.text.trim() : "";
    }

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(index) {
      var items = list.querySelectorAll("[role=option]");
      if (!items.length) { return; }
      active = (index + items.length) % items.length;
      items.forEach(function (item, place) { item.setAttribute("aria-selected", String(place === active)); });
      input.setAttribute("aria-activedescendant", items[active].id);
      items[active].scrollIntoView({ block: "nearest" });
    }

    function open(wanted) {
      list.textContent = "";
      Array.prototype.forEach.call(select.options, function (option, place) {
        var words = plain(option.text + " " + (option.dataset.words || ""));
        if (option.disabled || (wanted && (!option.value || words.indexOf(wanted) < 0))) { return; }
        var item = document.createElement("li");
        item.id = list.id + "-" + place;
        item.dataset.place = place;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = option.text.trim();
        list.append(item);
      });
      if (!list.children.length) {
        var none = document.createElement("li");
        none.className = "ui-search-none";
        none.textContent = "没有找到";
        list.append(none);
      }
      list.hidden = false;
      active = -1;
      input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-expanded", "true");
      if (wanted) { mark(0); }
    }

    function choose(item) {
      select.selectedIndex = Number(item.dataset.place);
      input.value = chosenText();
      close();
      select.dispatchEvent(new Event("input", { bubbles: true }));
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    input.value = chosenText();
    input.addEventListener("click", function () { if (list.hidden) { input.select(); open(""); } });
    input.addEventListener("input", function (event) {
      event.stopPropagation();
      open(plain(input.value));
    });
    input.addEventListener("change", function (event) { event.stopPropagation(); });
    input.addEventListener("keydown", function (event) {
      if (event.isComposing) { return; }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) { open(""); }
        mark(event.key === "ArrowDown" ? active + 1 : (active < 0 ? -1 : active - 1));
      } else if (event.key === "Enter" && !list.hidden) {
        event.preventDefault();
        var item = list.querySelector('[aria-selected="true"]');
        if (item) { choose(item); }
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        input.value = chosenText();
        close();
      }
    });
    input.addEventListener("blur", function () {
      if (!input.value.trim() && select.options.length && !select.options[0].value && select.value) {
        select.value = "";
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
      input.value = chosenText();
      close();
    });
    // mousedown, because the blur that follows would close the list before a click.
    list.addEventListener("mousedown", function (event) {
      event.preventDefault();
      var item = event.target.closest("[role=option]");
      if (item) { choose(item); }
    });
    if (select.form) {
      select.form.addEventListener("reset", function () {
        window.setTimeout(function () { input.value = chosenText(); }, 0);
      });
    }
  }

  function enhanceAll(root) { root.querySelectorAll("select[data-search-select]").forEach(enhance); }

  enhanceAll(document);
  document.addEventListener("htmx:load", function (event) { enhanceAll(event.detail.elt); });
})();

// Filters, searches and sorts tables that are complete without it. No framework, nothing kept, nothing sent.
(() => {
  "use strict";

  const words = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");

  function rowsOf(target) {
    return [...target.querySelectorAll("tbody tr")];
  }

  function apply(form, target, remember) {
    const search = form.querySelector("[data-ac-search]");
    const wanted = search ? words(search.value).split(/\s+/).filter(Boolean) : [];
    const chosen = [...form.querySelectorAll("[data-ac-choose]")].filter((select) => select.value);
    const rows = rowsOf(target);
    let shown = 0;
    for (const row of rows) {
      const text = (row.acText ??= words(row.textContent));
      const fits = wanted.every((word) => text.includes(word))
        && chosen.every((select) => (row.dataset[select.dataset.acChoose] ?? "").split(" ").includes(select.value));
      row.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const group of target.querySelectorAll("[data-ac-group]")) {
      const any = group.querySelector("tbody tr:not([hidden])") !== null;
      group.hidden = !any;
      group.acOpen ??= group.open;
      group.open = wanted.length || chosen.length ? any : group.acOpen;
    }
    form.querySelector("output").textContent = `${shown} of ${rows.length} ${form.dataset.acNoun}`;
    const empty = document.querySelector(`[data-ac-empty="${CSS.escape(target.id)}"]`);
    if (empty) empty.hidden = shown > 0;
    if (remember) keep(search, chosen);
  }

  // The choice stands in the address, so that a filtered list can be sent to somebody.
  function keep(search, chosen) {
    const query = new URLSearchParams();
    for (const select of chosen) query.set(select.dataset.acChoose, select.value);
    if (search && search.value) query.set("search", search.value);
    const text = query.toString();
    history.replaceState(history.state, "", location.pathname + (text ? `?${text}` : "") + location.hash);
  }

  function recall(form) {
    const query = new URLSearchParams(location.search);
    for (const select of form.querySelectorAll("[data-ac-choose]")) {
      const value = query.get(select.dataset.acChoose);
      if ([...select.options].some((option) => option.value === value)) select.value = value;
    }
    const search = form.querySelector("[data-ac-search]");
    if (search && query.has("search")) search.value = query.get("search");
  }

  function startFilter(form) {
    const target = document.getElementById(form.dataset.acFor);
    if (!target) return;
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => apply(form, target, true));
    const reset = document.querySelector(`[data-ac-reset="${CSS.escape(target.id)}"]`);
    reset?.addEventListener("click", () => {
      form.reset();
      apply(form, target, true);
      form.querySelector("input, select")?.focus();
    });
    recall(form);
    apply(form, target, false);
  }

  function valueOf(row, column, numeric) {
    const cell = row.cells[column];
    const text = cell.dataset.value ?? cell.textContent.trim();
    return numeric ? Number.parseFloat(text.replace(/,/g, "")) || 0 : text;
  }

  function sort(table, header, column) {
    const down = header.getAttribute("aria-sort") === "ascending";
    const numeric = header.dataset.sort === "number";
    const compare = new Intl.Collator("en", { numeric: true }).compare;
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((a, b) => {
      const [x, y] = [valueOf(a, column, numeric), valueOf(b, column, numeric)];
      const order = numeric ? x - y : compare(x, y);
      return down ? -order : order;
    });
    for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...rows);
  }

  function startSort(table) {
    const headers = [...table.tHead.rows[0].cells];
    headers.forEach((header, column) => {
      if (!header.dataset.sort || header.querySelector("button")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "ac-sort";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sort(table, header, column));
      header.append(button);
    });
  }

  // A link to something in a folded group opens it.
  function unfold() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id ? document.getElementById(id) : null;
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (target?.closest("details")) target.scrollIntoView();
  }

  function start() {
    document.querySelectorAll("form.ac-filter:not([data-ac-log])").forEach(startFilter);
    document.querySelectorAll("table:has(th[data-sort])").forEach(startSort);
    unfold();
  }

  window.addEventListener("hashchange", unfold);
  if (window.document$) window.document$.subscribe(start);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

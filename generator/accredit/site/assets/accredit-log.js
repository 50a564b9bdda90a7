// Filters an audit log that is longer than its page: parts of it are fetched as they are needed, the newest first.
(() => {
  "use strict";

  const STEP = 200;
  const NAMES = ["Claimed time", "Landed", "Person", "What", "About", "Assurance"];
  const FIELDS = {
    kind: '[data-ac-choose="kind"]', model: '[data-ac-choose="model"]', person: '[data-ac-choose="actor"]',
    from: "[data-ac-from]", to: "[data-ac-to]", search: "[data-ac-search]",
  };
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");

  function wanted(form) {
    const entries = Object.entries(FIELDS).map(([name, selector]) => [name, form.querySelector(selector).value]);
    return Object.fromEntries(entries.filter(([, value]) => value));
  }

  // Whether a part can hold a match at all.
  const mayHold = (part, w) => (!w.kind || part.kinds.includes(w.kind)) && (!w.model || part.models.includes(w.model))
    && (!w.person || part.people.includes(w.person)) && (!w.from || part.last >= w.from) && (!w.to || part.first <= w.to);

  function fits(row, w, words, index) {
    const [day, , , person, kind, , subject] = row;
    const model = subject.split("@")[0];
    if ((w.kind && kind !== w.kind) || (w.model && model !== w.model) || (w.person && person !== w.person)) return false;
    if ((w.from || w.to) && !day) return false;
    if ((w.from && day < w.from) || (w.to && day > w.to)) return false;
    if (!words.length) return true;
    const text = plain([...row.flat(), index.people[person], index.models[model]].join(" "));
    return words.every((word) => text.includes(word));
  }

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function link(form, text, ...parts) {
    const made = element("a", text);
    made.href = `${form.dataset.acRoot}${parts.map(encodeURIComponent).join("/")}/${form.dataset.acEnd}`;
    return made;
  }

  function about(form, subject, index) {
    const [model, version] = subject.split("@");
    if (!model) return "the registry";
    const name = index.models[model];
    if (!name) return subject;
    return version ? link(form, `${name} ${version}`, "models", model, version) : link(form, name, "models", model);
  }

  function drawn(form, [, time, landed, person, kind, what, subject, assurance], index) {
    const made = document.createElement("tr");
    const put = (...content) => {
      const cell = document.createElement("td");
      cell.dataset.label = NAMES[made.cells.length];
      const inner = document.createElement("span");
      inner.append(...content);
      cell.append(inner);
      made.append(cell);
    };
    put(time || "–");
    if (landed) put(`${landed[0].toLocaleString("en")} `, element("code", landed[1], "ac-digest"));
    else put("–");
    put(index.people[person] ? link(form, index.people[person], "people", person) : person || "–");
    put(element("b", kind), ` ${what[0]} `, element("span", what[1], "ac-sub"));
    put(about(form, subject, index));
    put(assurance || "–");
    return made;
  }

  async function read(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  }

  async function* matches(base, index, w, known) {
    const words = plain(w.search ?? "").split(/\s+/).filter(Boolean);
    for (const part of index.parts.filter((p) => mayHold(p, w))) {
      const rows = await (known[part.file] ??= read(new URL(part.file, base)));
      for (const row of rows) if (fits(row, w, words, index)) yield row;
    }
  }

  function start(form) {
    const table = document.getElementById(form.dataset.acFor);
    const body = table.tBodies[0];
    const own = [...body.rows];
    const more = document.querySelector("[data-ac-more]");
    const empty = document.querySelector(`[data-ac-empty="${CSS.escape(table.id)}"]`);
    const output = form.querySelector("output");
    const base = new URL(form.dataset.acLog, location.href);
    const known = {};
    let index, found, wait, turn = 0;

    async function show(asked) {
      const rows = [];
      let next = { done: false };
      while (rows.length < STEP && !next.done) {
        next = await found.next();
        if (turn !== asked) return;
        if (!next.done) rows.push(drawn(form, next.value, index));
      }
      body.append(...rows);
      more.hidden = next.done;
      empty.hidden = body.rows.length > 0;
      const count = body.rows.length.toLocaleString("en");
      output.textContent = `${count}${next.done ? "" : " or more"} of ${index.total.toLocaleString("en")} events`;
    }

    async function apply() {
      const asked = ++turn, w = wanted(form), isAsked = Object.keys(w).length > 0;
      // The choice stands in the address, so that a filtered log can be sent to somebody.
      const query = new URLSearchParams(w).toString();
      history.replaceState(history.state, "", location.pathname + (query && `?${query}`) + location.hash);
      try {
        output.textContent = "Searching";
        index ??= await read(base);
        if (turn !== asked) return;
        body.replaceChildren(...(isAsked ? [] : own));
        more.hidden = empty.hidden = true;
        output.textContent = `${own.length} events on this page`;
        found = matches(base, index, w, known);
        if (isAsked) await show(asked);
      } catch {
        if (turn === asked) output.textContent = "The log cannot be read from here: download it instead.";
      }
    }

    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => {
      clearTimeout(wait);
      wait = setTimeout(apply, 150);
    });
    more.querySelector("button").addEventListener("click", () => show(turn));
    document.querySelector(`[data-ac-reset="${CSS.escape(table.id)}"]`)?.addEventListener("click", () => {
      form.reset();
      apply();
    });
    const query = new URLSearchParams(location.search);
    for (const [name, selector] of Object.entries(FIELDS)) {
      if (query.has(name)) form.querySelector(selector).value = query.get(name);
    }
    if (Object.keys(wanted(form)).length) apply();
    else output.textContent = `${own.length} events on this page`;
  }

  const begin = () => document.querySelectorAll("form[data-ac-log]:not([data-ac-begun])").forEach((form) => {
    form.dataset.acBegun = "";
    start(form);
  });
  if (window.document$) window.document$.subscribe(begin);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();

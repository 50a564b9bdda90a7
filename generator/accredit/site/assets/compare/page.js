// The page that compares any two versions: `?a=model@version&b=model@version`. Text of the registry is only ever text.
(() => {
  "use strict";

  const MEASURED = ["metrics", "fairness", "slices"], FOLDED = ["slices", "fields"];
  const SVG = "http://www.w3.org/2000/svg";
  const loading = new Map();

  function element(name, className, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function shape(name, attributes, ...content) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }

  function load(form, key) {
    if (!loading.has(key)) loading.set(key, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const [model, version] = key.split("@");
      script.src = `${form.dataset.acRoot}compare/${encodeURIComponent(model)}/${encodeURIComponent(version)}.js`;
      script.onload = () => {
        const found = (window.acSheets ?? []).find((sheet) => sheet.key === key);
        if (found) resolve(found);
        else reject(new Error(key));
      };
      script.onerror = () => { loading.delete(key); reject(new Error(key)); };
      document.head.append(script);
    }));
    return loading.get(key);
  }

  function link(form, text, target) {
    const made = element("a", "", text);
    made.href = form.dataset.acRoot + target.split("/").map(encodeURIComponent).join("/") + form.dataset.acEnd;
    return made;
  }

  function forest(found, reach) {
    const place = (value) => (60 + (reach ? value / reach : 0) * 54).toFixed(1);
    const made = shape("svg", { class: `ac-chart ac-forest ac-forest-${found.tone}`, viewBox: "0 0 120 16", "aria-hidden": "true" });
    made.append(shape("path", { class: "ac-reference", d: "M60 0V16" }));
    if (found.lower !== null) made.append(shape("path", { class: "ac-whisker", d: `M${place(found.lower)} 8H${place(found.upper)}` }));
    made.append(shape("circle", { class: "ac-dot", cx: place(found.difference), cy: 8, r: 4 }));
    return made;
  }

  const under = (told) => told.map((text) => element("span", "ac-under", text));

  // An interval stays on one line.
  const kept = (reading) => reading && reading.replaceAll(" to ", "\u00a0to\u00a0").replaceAll("n ", "n\u00a0");

  function value(text) {
    return text === null ? element("span", "ac-none", "not there") : element("span", "ac-text", text);
  }

  function prose(parts) {
    const made = element("div", "ac-words");
    parts.forEach(([kind, text], index) => {
      if (index) made.append(" ");
      made.append(kind === "same" ? text : element(kind === "removed" ? "del" : "ins", "", text));
    });
    return made;
  }

  function cell(name, label, ...content) {
    const made = element(name, "", ...content);
    made.dataset.label = label;
    return made;
  }

  function drawnRow(form, index, section, row, sides, reach) {
    const made = document.createElement("tr"), isMeasured = MEASURED.includes(section.id);
    const rule = section.id === "rules" ? index.rules.find(([code]) => code === row.name) : null;
    const name = rule ? [link(form, row.name, rule[2]), ...under([rule[1]])] : [row.name, ...under(row.where ? [row.where] : [])];
    const head = cell("th", section.title, ...name);
    head.scope = "row";
    made.append(head);
    if (row.parts.length && row.before !== null && row.after !== null) {
      const both = cell("td", "Words", prose(row.parts));
      both.colSpan = 2;
      made.append(both);
    } else {
      made.append(cell("td", sides[0], value(isMeasured ? kept(row.before) : row.before)));
      made.append(cell("td", sides[1], value(isMeasured ? kept(row.after) : row.after), ...(isMeasured ? [] : under(row.told))));
    }
    if (isMeasured) {
      const found = row.numbers;
      const shown = found ? [forest(found, reach), element("span", `ac-shift ac-shift-${found.tone}`, found.words)] : [];
      made.append(cell("td", "Difference", ...shown, ...under(row.told)));
    }
    return made;
  }

  function drawnSection(form, index, section, sides) {
    const count = section.rows.length;
    const said = `${count.toLocaleString("en-US")} difference${count === 1 ? "" : "s"}${section.same ? `, ${section.same} the same` : ""}`;
    const isFolded = FOLDED.includes(section.id), isMeasured = MEASURED.includes(section.id);
    const made = element(isFolded ? "details" : "section", `${isFolded ? "ac-group " : ""}ac-differences`);
    made.id = section.id;
    const heading = element("h2", "", section.title), sub = element("span", "ac-sub", said);
    if (isFolded) made.append(element("summary", "", heading, " ", sub));
    else { heading.append(" ", sub); made.append(heading); }
    made.append(...section.notes.map((note) => element("p", "ac-note-text", note)));
    const table = element("table", `ac-table ac-stack ac-top ac-compared${isMeasured ? " ac-measured" : ""}`);
    const top = document.createElement("tr");
    for (const title of [section.title, ...sides, ...(isMeasured ? ["Difference"] : [])]) {
      const head = element("th", "", title);
      head.scope = "col";
      top.append(head);
    }
    table.append(element("thead", "", top));
    const far = section.rows.flatMap((r) => (r.numbers ? [r.numbers.difference, r.numbers.lower ?? 0, r.numbers.upper ?? 0] : [0]));
    const reach = Math.max(0, ...far.map(Math.abs));
    table.append(element("tbody", "", ...section.rows.map((row) => drawnRow(form, index, section, row, sides, reach))));
    made.append(table);
    return made;
  }

  function drawn(form, index, a, b) {
    const sections = window.acCompare.compare(a, b), told = sections.filter((s) => s.rows.length);
    const quiet = sections.filter((s) => !s.rows.length).map((s) => s.title.toLowerCase());
    const name = (sheet) => sheet.key.split("@")[1];
    const sides = name(a) !== name(b) && a.model === b.model ? [name(a), name(b)] : [a, b].map((s) => `${s.model} ${name(s)}`);
    const heading = document.createElement("p");
    heading.className = "ac-lede";
    heading.append(...[a, b].flatMap((s, i) => [
      ...(i ? [" → "] : []), link(form, `${s.model} ${name(s)}`, `models/${s.key.replace("@", "/")}/`), ` (${s.stage})`,
    ]));
    const jump = element("nav", "ac-jump ac-jump-always", ...told.map((s) => {
      const to = element("a", "", `${s.title} `, element("span", "ac-sub", String(s.rows.length)));
      to.href = `#${s.id}`;
      return to;
    }));
    jump.setAttribute("aria-label", "What differs");
    const listed = quiet.length > 1 ? `${quiet.slice(0, -1).join(", ")} and ${quiet.at(-1)}` : quiet.join("");
    const rest = !told.length ? "Nothing differs." : listed ? `Nothing differs in ${listed}.` : "";
    return [heading, jump, ...told.map((s) => drawnSection(form, index, s, sides)), element("p", "ac-note-text ac-quiet", rest)];
  }

  function start(form) {
    const index = JSON.parse(document.querySelector("[data-ac-index]").textContent);
    const place = document.querySelector("[data-ac-drawn]"), said = document.querySelector("[data-ac-said]");
    const models = new Map(index.models.map(([id, name, versions]) => [id, { name, versions }]));
    const pick = (kind, side) => form.querySelector(`[data-ac-${kind}="${side}"]`);
    const chosen = (side) => (pick("version", side).value ? `${pick("model", side).value}@${pick("version", side).value}` : "");
    let turn = 0;

    const option = (id, text) => {
      const made = element("option", "", text);
      made.value = id;
      return made;
    };
    const running = (id) => models.get(id)?.versions.find(([, stage]) => stage === "production");

    function fill(side, version) {
      const { versions } = models.get(pick("model", side).value) ?? { versions: [] };
      pick("version", side).replaceChildren(...versions.map(([id, stage]) => option(id, `${id} (${stage})`)));
      if (versions.some(([id]) => id === version)) pick("version", side).value = version;
    }

    function choose(side, key) {
      const [model, version] = key.split("@");
      if (!models.has(model)) return false;
      pick("model", side).value = model;
      fill(side, version ?? running(model)?.[0]);
      return !version || pick("version", side).value === version;
    }

    async function show(remember) {
      const asked = ++turn, a = chosen("a"), b = chosen("b");
      if (remember) {
        const query = new URLSearchParams({ a, b }).toString().replaceAll("%40", "@");
        try {
          history.replaceState(history.state, "", `${location.pathname}?${query}`);
        } catch { /* a page opened from a disk may not always do so */ }
      }
      if (!a || !b) return;
      said.textContent = "Comparing";
      try {
        const [one, other] = await Promise.all([load(form, a), load(form, b)]);
        if (asked !== turn) return;
        place.replaceChildren(...drawn(form, index, one, other));
        said.textContent = "";
        document.title = `${a} → ${b}`;
        if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
      } catch {
        if (asked === turn) said.textContent = "The data of these versions cannot be loaded from here.";
      }
    }

    for (const side of ["a", "b"]) {
      pick("model", side).append(...index.models.map(([id, name]) => option(id, name)));
      pick("model", side).addEventListener("change", () => { fill(side, running(pick("model", side).value)?.[0]); show(true); });
      pick("version", side).addEventListener("change", () => show(true));
    }
    form.querySelector("[data-ac-swap]").addEventListener("click", () => {
      const [a, b] = [chosen("a"), chosen("b")];
      choose("a", b);
      choose("b", a);
      show(true);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    begin();

    function begin() {
      const query = new URLSearchParams(location.search);
      const first = index.models.find(([, , versions]) => versions.length > 1) ?? index.models[0];
      if (!first) { said.textContent = "No version is registered yet."; form.hidden = true; return; }
      const b = query.get("b") ?? (query.get("a") ? query.get("a").split("@")[0] : `${first[0]}@${first[2][0][0]}`);
      const [model, version] = b.split("@");
      const others = (models.get(model)?.versions ?? []).map(([id]) => id);
      const other = running(model)?.[0] !== version ? running(model)?.[0] : others[others.indexOf(version) + 1];
      const a = query.get("a") ?? `${model}@${other ?? others.find((id) => id !== version) ?? version}`;
      const known = [choose("a", a), choose("b", b)];
      if (known.every(Boolean)) { show(false); return; }
      for (const side of ["a", "b"]) if (!chosen(side)) choose(side, first[0]);
      said.textContent = `There is no ${[a, b].filter((_, i) => !known[i]).join(" and no ")}: choose from the lists.`;
    }
  }

  const go = () => document.querySelectorAll("form[data-ac-compare]:not([data-ac-begun])").forEach((form) => {
    form.dataset.acBegun = "";
    start(form);
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", go);
  else go();
})();

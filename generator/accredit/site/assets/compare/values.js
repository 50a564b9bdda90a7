// What differs between two sheets, as accredit/comparison says it: the same values, rows and sentences.
window.acCompare = (() => {
  "use strict";

  const PROSE = 80, QUIET = ["pass", "not applicable"];

  function number(value) {
    const size = Math.abs(value);
    if (value && (size >= 1e9 || size < 0.00005)) {
      return value.toExponential(2).replace(/e([+-])(\d)$/, "e$10$2").replace("e+", "e+").replaceAll("-", "−");
    }
    const places = size < 10 ? 4 : size < 1000 ? 2 : 0;
    const form = { minimumFractionDigits: places, maximumFractionDigits: places };
    return value.toLocaleString("en-US", form).replaceAll("-", "−");
  }

  const signed = (value) => (value > 0 ? "+" : "") + number(value);
  const has = (value) => value !== null && value !== undefined;

  function reading(m) {
    if (!m) return null;
    if (!has(m.value)) return m.said.startsWith("withheld") ? "withheld" : "no value";
    const interval = has(m.lower) && has(m.upper) ? ` (${number(m.lower)} to ${number(m.upper)})` : "";
    return `${number(m.value)}${interval}${has(m.n) ? `, n ${m.n.toLocaleString("en-US")}` : ""}`;
  }

  // Zou and Donner 2008, as comparison/numbers.py has it.
  function differenceInterval(a, b) {
    if (a.level !== b.level || !b.level) return [null, null];
    const d = b.value - a.value;
    const low = d - Math.hypot(b.value - b.lower, a.upper - a.value);
    const high = d + Math.hypot(b.upper - b.value, a.value - a.lower);
    return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : [null, null];
  }

  function numbers(a, b) {
    if (!a || !b || !has(a.value) || !has(b.value) || !Number.isFinite(b.value - a.value)) return null;
    const difference = b.value - a.value;
    const [lower, upper] = differenceInterval(a, b);
    const known = [a.lower, a.upper, b.lower, b.upper].every(has);
    const gain = b.better === "higher" ? difference : b.better === "lower" ? -difference : 0;
    const verdict = gain > 0 ? "better" : gain < 0 ? "worse" : "";
    const clear = has(lower) ? !(lower <= 0 && 0 <= upper) : null;
    const doubt = difference ? { true: "", false: "could be chance", null: "chance not told" }[clear] : "";
    return {
      difference, lower, upper, clear, tone: verdict && clear ? verdict : "plain",
      overlap: known ? a.lower <= b.upper && b.lower <= a.upper : null,
      words: [signed(difference), verdict, doubt].filter(Boolean).join(", "),
    };
  }

  function chance(found) {
    if (found.overlap === null) return "Without both intervals nobody can tell whether chance explains the difference.";
    const common = found.overlap ? "The two intervals overlap" : "The two intervals do not overlap";
    if (found.lower === null) return `${common}; they do not hold at the same level, so the difference has none.`;
    const span = `that of the difference is ${number(found.lower)} to ${number(found.upper)}`;
    return `${common}; ${span} and ${found.clear ? "leaves out" : "includes"} zero.`;
  }

  const judged = (m) => Boolean(m) && has(m.value) && (has(m.minimum) || has(m.maximum));
  const within = (m) => (judged(m)
    ? (!has(m.minimum) || m.value >= m.minimum) && (!has(m.maximum) || m.value <= m.maximum) : null);
  const held = (m) => (within(m) ? "within" : "beyond");
  const sameLimit = (a, b) => Boolean(a && b) && a.minimum === b.minimum && a.maximum === b.maximum;

  function plain(value) { // as Python's :g
    const text = value.toPrecision(6);
    return text.includes("e") ? text.replace(/\.?0+e/, "e").replace(/e([+-])(\d)$/, "e$10$2")
      : text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  }

  function bound(m) {
    if (has(m.minimum) && has(m.maximum)) return `between ${plain(m.minimum)} and ${plain(m.maximum)}`;
    return has(m.minimum) ? `at least ${plain(m.minimum)}` : `at most ${plain(m.maximum)}`;
  }

  const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

  function telling(a, b, found) {
    const told = found && found.difference ? [chance(found)] : [];
    if (judged(b)) {
      const was = sameLimit(a, b) ? within(a) : null;
      if (was === within(b)) told.push(`${capital(held(b))} the limit of policy, ${bound(b)}, as before.`);
      else told.push(`Now ${held(b)} the limit of policy, ${bound(b)}${was === null ? "" : `, before ${held(a)} it`}.`);
    }
    if (judged(a) && !sameLimit(a, b)) told.push(`Before ${held(a)} its own limit, ${bound(a)}.`);
    const last = b || a;
    if (last && last.said) told.push(`${capital(last.said)}.`);
    return told;
  }

  function paired(before, after, key) {
    const old = new Map(before.map((x) => [key(x), x])), now = new Map(after.map((x) => [key(x), x]));
    return [...new Set([...now.keys(), ...old.keys()])].map((k) => [old.get(k), now.get(k)]);
  }

  const keyOf = (...parts) => JSON.stringify(parts);
  const FIELDS = ["value", "lower", "upper", "level", "n", "better", "minimum", "maximum", "said"];

  function measures(id, title, before, after, data) {
    const rows = [], untold = [];
    let same = 0;
    for (const [a, b] of paired(before, after, (m) => keyOf(m.evaluation, m.name))) {
      if (a && b && !has(a.value) && !has(b.value)) untold.push(b.name);
      if (a && b && FIELDS.every((f) => a[f] === b[f])) {
        same += has(a.value) ? 1 : 0;
        continue;
      }
      const found = numbers(a, b), one = b || a;
      rows.push({
        name: one.name, where: one.evaluation, before: reading(a), after: reading(b), parts: [], numbers: found,
        told: telling(a, b, found),
      });
    }
    const notes = rows.length ? [...data] : [];
    if (untold.length) notes.push(`Without a value in both, so not compared: ${untold.join(", ")}.`);
    return { id, title, rows, same, notes };
  }

  function texts(id, title, before, after, prose = PROSE) {
    const rows = [];
    let same = 0;
    for (const [a, b] of paired(before, after, (e) => keyOf(e.where, e.name))) {
      const old = a ? a.value : null, now = b ? b.value : null, one = b || a;
      const long = Math.max([...(old ?? "")].length, [...(now ?? "")].length) > prose;
      const parts = old !== now && long ? window.acWords.parts(old ?? "", now ?? "") : [];
      if (old === now || (long && !parts.length)) same += 1;
      else rows.push({ name: one.name, where: one.where, before: old, after: now, parts, numbers: null, told: [] });
    }
    return { id, title, rows, same, notes: [] };
  }

  function rules(before, after) {
    const rows = [];
    let same = 0;
    for (const [a, b] of paired(before, after, (r) => r.code)) {
      if (a && b && a.outcome === b.outcome) same += 1;
      else {
        const told = b ? b.why : [];
        const shown = [a, b].map((r) => (r ? r.outcome : null));
        rows.push({ name: (b || a).code, where: "", before: shown[0], after: shown[1], parts: [], numbers: null, told });
      }
    }
    const troubled = (state) => state !== null && !QUIET.includes(state);
    const gravity = (row) => (troubled(row.after) ? 0 : troubled(row.before) ? 1 : 2);
    return { id: "rules", title: "Rules", rows: rows.sort((x, y) => gravity(x) - gravity(y)), same, notes: [] };
  }

  // Evaluations before to those after that stand in their place: by name, else as the only ones on a split.
  function named(before, after) {
    const names = new Map(before.filter((e) => after.some((x) => x.id === e.id)).map((e) => [e.id, e.id]));
    const old = before.filter((e) => !names.has(e.id)), now = after.filter((e) => !names.has(e.id));
    for (const e of old) {
      const alike = now.filter((x) => x.split === e.split);
      if (alike.length === 1 && old.filter((x) => x.split === e.split).length === 1) names.set(e.id, alike[0].id);
    }
    return names;
  }

  function renamed(sheet, names) {
    const to = (name) => names.get(name) ?? name;
    const moved = new Map([...names].map(([a, b]) => [`evaluations/${a}.yaml`, `evaluations/${b}.yaml`]));
    const measured = (found) => found.map((m) => ({ ...m, evaluation: to(m.evaluation) }));
    return {
      ...sheet, metrics: measured(sheet.metrics), fairness: measured(sheet.fairness), slices: measured(sheet.slices),
      evaluations: sheet.evaluations.map((e) => ({ ...e, id: to(e.id) })),
      fields: sheet.fields.map((f) => ({ ...f, where: moved.get(f.where) ?? f.where })),
    };
  }

  function dataNotes(before, after) {
    const known = new Map(before.map((e) => [e.id, e]));
    return after.filter((e) => known.has(e.id)).map((now) => {
      const old = known.get(now.id), place = `${now.dataset}, ${now.split}`;
      if (old.dataset !== now.dataset || old.split !== now.split) {
        return `${now.id}: measured on other data (${old.dataset}, ${old.split}; then ${place}): `
          + "a difference may come from it.";
      }
      if (!old.sha256 || !now.sha256) return `${now.id}: measured on ${place}; no digest says whether it was the same data.`;
      return old.sha256 === now.sha256
        ? `${now.id}: measured on the same data (${place}), so intervals of differences are rather too wide.`
        : `${now.id}: measured on ${place}, whose content is another: a difference may come from the data.`;
    });
  }

  function compare(first, b) {
    const a = renamed(first, named(first.evaluations, b.evaluations));
    const data = a.key === b.key ? [] : dataNotes(a.evaluations, b.evaluations);
    return [
      measures("metrics", "Metrics", a.metrics, b.metrics, data),
      measures("fairness", "Fairness", a.fairness, b.fairness, data),
      measures("slices", "Metrics by group", a.slices, b.slices, data),
      texts("gates", "Gates", a.gates, b.gates, Infinity),
      rules(a.rules, b.rules),
      texts("data", "Data", a.data, b.data),
      texts("hyperparameters", "Hyperparameters", a.hyperparameters, b.hyperparameters),
      texts("card", "Model card", a.card, b.card),
      texts("fields", "Other fields", a.fields, b.fields),
    ];
  }

  return { compare, number };
})();

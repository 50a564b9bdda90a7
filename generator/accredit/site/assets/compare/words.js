// What differs between two texts, word by word: the same pieces as comparison/prose.py finds with Python's difflib.
window.acWords = (() => {
  "use strict";

  const TOKEN = /\n[ \t\r]*\n[ \t\r\n]*|\n(?=[ \t]*(?:[-*+#|>]|[0-9]+\.))|[^ \t\r\n]+/gu;
  const MOST = 250_000;

  const word = (token) => (/[^ \t\r\n]/u.test(token) ? token : token.split("\n").length > 2 ? "\n\n" : "\n");
  const words = (text) => (text.match(TOKEN) ?? []).map(word);
  const joined = (tokens) => tokens.join(" ").replace(/ ?(\n+) ?/g, "$1");

  // The longest run that both have, the first of several.
  function longest(a, places, [low, high, start, end]) {
    let best = [low, start, 0], lengths = new Map();
    for (let i = low; i < high; i += 1) {
      const now = new Map();
      for (const j of places.get(a[i]) ?? []) {
        if (j < start) continue;
        if (j >= end) break;
        const size = (lengths.get(j - 1) ?? 0) + 1;
        now.set(j, size);
        if (size > best[2]) best = [i - size + 1, j - size + 1, size];
      }
      lengths = now;
    }
    return best;
  }

  function blocks(a, b) {
    const places = new Map();
    b.forEach((token, j) => places.has(token) ? places.get(token).push(j) : places.set(token, [j]));
    const found = [], queue = [[0, a.length, 0, b.length]];
    while (queue.length) {
      const [low, high, start, end] = queue.pop();
      const [i, j, size] = longest(a, places, [low, high, start, end]);
      if (!size) continue;
      found.push([i, j, size]);
      if (low < i && start < j) queue.push([low, i, start, j]);
      if (i + size < high && j + size < end) queue.push([i + size, high, j + size, end]);
    }
    found.sort((x, y) => x[0] - y[0] || x[1] - y[1]);
    const merged = [];
    for (const [i, j, size] of found) {
      const last = merged.at(-1);
      if (last && last[0] + last[2] === i && last[1] + last[2] === j) last[2] += size;
      else merged.push([i, j, size]);
    }
    return [...merged, [a.length, b.length, 0]];
  }

  function changed(a, b) {
    if (a.length * b.length > MOST) return [["removed", a], ["added", b]];
    const pieces = [];
    let i = 0, j = 0;
    for (const [x, y, size] of blocks(a, b)) {
      pieces.push(["removed", a.slice(i, x)], ["added", b.slice(j, y)], ["same", a.slice(x, x + size)]);
      [i, j] = [x + size, y + size];
    }
    return pieces;
  }

  function parts(before, after) {
    const a = words(before), b = words(after), least = Math.min(a.length, b.length);
    if (a.length === b.length && a.every((token, i) => token === b[i])) return [];
    let start = 0, end = 0;
    while (start < least && a[start] === b[start]) start += 1;
    while (end < least - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
    const middle = changed(a.slice(start, a.length - end), b.slice(start, b.length - end));
    const all = [["same", a.slice(0, start)], ...middle, ["same", a.slice(a.length - end)]];
    return all.filter(([, tokens]) => tokens.length).map(([kind, tokens]) => [kind, joined(tokens)]);
  }

  return { parts };
})();

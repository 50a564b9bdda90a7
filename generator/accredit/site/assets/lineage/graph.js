// The lineage as a graph: what is shown of it, and where it goes. Nothing here touches the page.
window.acLineageGraph = (data) => {
  "use strict";

  const WIDTH = 172, HEIGHT = 46, COLUMN = 68, ROW = 16, MOST = 250, ROUNDS = 6;
  const nodes = data.nodes.map(([id, label, detail, kind, stage, running, owner, layer, order, own, above, url], i) => ({
    i, id, label, detail, kind: data.kinds[kind], stage: data.stages[stage] ?? "", running, layer, order, url,
    owner: data.owners[owner], own: own.map((p) => data.problems[p]), above: above.map((p) => data.problems[p]),
    key: `${data.kinds[kind]}:${id}`, up: [], down: [], words: `${id} ${label}`.toLowerCase(),
  }));
  const roles = new Map();
  for (let e = 0; e < data.edges.length; e += 3) {
    const [source, target] = [data.edges[e], data.edges[e + 1]];
    if (!roles.has(`${source} ${target}`)) {
      nodes[source].down.push(target);
      nodes[target].up.push(source);
    }
    roles.set(`${source} ${target}`, [...(roles.get(`${source} ${target}`) ?? []), data.roles[data.edges[e + 2]]]);
  }
  const byKey = new Map(nodes.map((node) => [node.key, node]));

  // Everything that can be reached, with its distance, nearest first.
  function reach(start, way, hops = Infinity, most = Infinity) {
    const found = new Map([[start, 0]]);
    for (const i of found.keys()) {
      if (found.get(i) >= hops) break;
      for (const other of nodes[i][way]) {
        if (!found.has(other) && found.size < most) found.set(other, found.get(i) + 1);
      }
    }
    return found;
  }

  // Which nodes are shown, what of them is filtered away, and how many neighbours of each are not shown.
  function shown(state) {
    const focus = byKey.get(state.focus) ?? nodes[0];
    const hops = state.hops === "all" ? Infinity : Number(state.hops);
    const chosen = new Set([focus.i]);
    for (const way of ["up", "down"]) {
      if (state.way !== "both" && state.way !== way) continue;
      for (const i of reach(focus.i, way, hops, state.hops === "all" ? Infinity : MOST).keys()) chosen.add(i);
    }
    for (const opened of state.open) {
      const node = byKey.get(opened.slice(1));
      if (node && chosen.has(node.i)) for (const i of node[opened[0] === "<" ? "up" : "down"]) chosen.add(i);
    }
    const fits = (node) => node === focus || (state.kinds.has(node.kind)
      && (node.kind !== "version" || !node.stage || state.stages.has(node.stage))
      && (!state.problem || node.own.length > 0 || (state.problem === "any" && node.above.length > 0)));
    const kept = [...chosen].filter((i) => fits(nodes[i])).sort((a, b) => a - b);
    return { focus: focus.i, kept, ...linksOf(kept, chosen), filtered: chosen.size - kept.length };
  }

  // Links between kept nodes; where a filter took nodes out from between them, a link that stands for the way.
  function linksOf(kept, chosen) {
    const stay = new Set(kept), links = [], more = new Map();
    for (const i of kept) {
      for (const t of nodes[i].down) if (stay.has(t)) links.push({ s: i, t, through: false });
      const seen = new Set(), queue = nodes[i].down.filter((t) => chosen.has(t) && !stay.has(t));
      for (const between of queue) {
        if (seen.has(between)) continue;
        seen.add(between);
        for (const t of nodes[between].down) {
          if (!chosen.has(t) || seen.has(t)) continue;
          if (!stay.has(t)) queue.push(t);
          else if (!nodes[i].down.includes(t)) { seen.add(t); links.push({ s: i, t, through: true }); }
        }
      }
      const count = (way) => nodes[i][way].reduce((sum, other) => sum + (chosen.has(other) ? 0 : 1), 0);
      more.set(i, { up: count("up"), down: count("down") });
    }
    return { links, more };
  }

  // Layers and the order in them were worked out when the site was built; here they are packed: each column keeps its
  // order, and each node goes as near as it can to the middle of its neighbours.
  function placed(kept, links) {
    const layers = [...new Set(kept.map((i) => nodes[i].layer))].sort((a, b) => a - b);
    const columns = layers.map((layer) => kept.filter((i) => nodes[i].layer === layer)
      .sort((a, b) => nodes[a].order - nodes[b].order));
    const near = new Map(kept.map((i) => [i, { up: [], down: [] }]));
    for (const { s, t } of links) { near.get(s).down.push(t); near.get(t).up.push(s); }
    const y = new Map();
    for (const column of columns) column.forEach((i, at) => y.set(i, (at - (column.length - 1) / 2) * (HEIGHT + ROW)));
    for (let round = 0; round < ROUNDS; round += 1) {
      const way = round % 2 ? "down" : "up";
      for (const column of round % 2 ? [...columns].reverse() : columns) {
        spread(column.map((i) => mean(near.get(i)[way], y) ?? y.get(i))).forEach((at, n) => y.set(column[n], at));
      }
    }
    const place = new Map();
    columns.forEach((column, at) => column.forEach((i) => place.set(i, [at * (WIDTH + COLUMN), y.get(i)])));
    return { place, columns };
  }

  function mean(near, y) {
    return near.length ? near.reduce((sum, i) => sum + y.get(i), 0) / near.length : undefined;
  }

  // The places nearest to the wanted ones that keep the order and a distance (pooling of adjacent violators).
  function spread(wanted) {
    const step = HEIGHT + ROW, blocks = [];
    wanted.forEach((want, n) => {
      let block = { sum: want - n * step, count: 1 };
      while (blocks.length && blocks.at(-1).sum / blocks.at(-1).count > block.sum / block.count) {
        const before = blocks.pop();
        block = { sum: before.sum + block.sum, count: before.count + block.count };
      }
      blocks.push(block);
    });
    return blocks.flatMap(({ sum, count }) => Array(count).fill(sum / count)).map((at, n) => at + n * step);
  }

  function found(text, most) {
    const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!wanted.length) return [];
    const hits = nodes.filter((node) => wanted.every((word) => node.words.includes(word)));
    const rank = (node) => (node.words.startsWith(wanted[0]) ? 0 : 1);
    return hits.sort((a, b) => rank(a) - rank(b) || a.words.length - b.words.length || a.i - b.i).slice(0, most);
  }

  return { nodes, byKey, roles, reach, shown, placed, found, WIDTH, HEIGHT };
};

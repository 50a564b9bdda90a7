// The lineage as a graph: what is shown of it, and where it goes. Nothing here touches the page.
window.acLineageGraph = (data) => {
  "use strict";

  const WIDTH = 168, HEIGHT = 52, COLUMN = 64, ROW = 16, LANE = 12, MOST = 250, ROUTED = 1500, ROUNDS = 6;
  const nodes = data.nodes.map(([id, label, detail, kind, stage, running, owner, layer, order, own, above, url], i) => ({
    i, id, label, detail, kind: data.kinds[kind], stage: data.stages[stage] ?? "", called: data.stageNames?.[stage] ?? "", running, layer, order, url,
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
    if (state.hops === "every") for (const node of nodes) chosen.add(node.i);
    for (const way of state.hops === "every" ? [] : ["up", "down"]) {
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
  // order, and each node goes as near as it can to the middle of its neighbours. A link that passes columns gets a lane
  // through each, shared by all links from the same node; where there are very many links, they take the straight way.
  function placed(kept, links) {
    const layers = [...new Set(kept.map((i) => nodes[i].layer))].sort((a, b) => a - b);
    const number = new Map(layers.map((layer, at) => [layer, at])), column = (i) => number.get(nodes[i].layer);
    const columns = layers.map((layer) => kept.filter((i) => nodes[i].layer === layer)
      .sort((a, b) => nodes[a].order - nodes[b].order));
    const share = new Map(), near = new Map(kept.map((i) => [i, { up: [], down: [] }]));
    for (const all of columns) all.forEach((i, at) => share.set(i, (at + 0.5) / all.length));
    const lanes = columns.map(() => new Map());
    const join = (from, to) => { near.get(from).down.push(to); near.get(to).up.push(from); };
    for (const link of links) {
      const { s, t } = link, stops = [];
      for (let at = column(s) + 1; links.length <= ROUTED && at < column(t); at += 1) {
        const lane = `${s}/${at}`;
        if (!lanes[at].has(lane)) {
          lanes[at].set(lane, []);
          near.set(lane, { up: [], down: [] });
          join(stops.at(-1) ?? s, lane);
        }
        lanes[at].get(lane).push(share.get(t));
        stops.push(lane);
      }
      link.stops = stops;
      join(stops.at(-1) ?? s, t);
    }
    const full = columns.map((all, at) => {
      for (const [lane, ends] of lanes[at]) share.set(lane, (share.get(Number(lane.split("/")[0])) + ends.reduce((a, b) => a + b) / ends.length) / 2);
      return [...all, ...lanes[at].keys()].sort((a, b) => share.get(a) - share.get(b) || (typeof a === "string") - (typeof b === "string"));
    });
    const y = packed(full, near), place = new Map();
    full.forEach((all, at) => all.forEach((i) => place.set(i, [at * (WIDTH + COLUMN), y.get(i)])));
    for (const link of links) link.stops = link.stops.map((lane) => place.get(lane));
    return { place: new Map(kept.map((i) => [i, place.get(i)])), columns };
  }

  function packed(full, near) {
    const tall = (i) => (typeof i === "string" ? LANE : HEIGHT + ROW), y = new Map();
    const steps = full.map((all) => all.map((i, n) => (n ? (tall(i) + tall(all[n - 1])) / 2 : 0)));
    full.forEach((all, at) => spread(all.map(() => 0), steps[at]).forEach((to, n) => y.set(all[n], to)));
    for (let round = 0; round < ROUNDS; round += 1) {
      const way = round % 2 ? "down" : "up", order = full.map((_, at) => at);
      for (const at of round % 2 ? order.reverse() : order) {
        spread(full[at].map((i) => mean(near.get(i)[way], y) ?? y.get(i)), steps[at]).forEach((to, n) => y.set(full[at][n], to));
      }
    }
    return y;
  }

  function mean(near, y) {
    return near.length ? near.reduce((sum, i) => sum + y.get(i), 0) / near.length : undefined;
  }

  // The places nearest to the wanted ones that keep the order and the distances (pooling of adjacent violators).
  function spread(wanted, steps) {
    const blocks = [], offsets = [];
    wanted.forEach((want, n) => {
      offsets.push((offsets.at(-1) ?? 0) + steps[n]);
      let block = { sum: want - offsets[n], count: 1 };
      while (blocks.length && blocks.at(-1).sum / blocks.at(-1).count > block.sum / block.count) {
        const before = blocks.pop();
        block = { sum: before.sum + block.sum, count: before.count + block.count };
      }
      blocks.push(block);
    });
    return blocks.flatMap(({ sum, count }) => Array(count).fill(sum / count)).map((at, n) => at + offsets[n]);
  }

  function found(text, most) {
    const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!wanted.length) return [];
    const hits = nodes.filter((node) => wanted.every((word) => node.words.includes(word)));
    const rank = (node) => (node.words.startsWith(wanted[0]) ? 0 : 1);
    return hits.sort((a, b) => rank(a) - rank(b) || a.words.length - b.words.length || a.i - b.i).slice(0, most);
  }

  const production = data.stageNames?.[data.stages.indexOf("production")] ?? "production";
  return { production, nodes, byKey, roles, reach, shown, placed, found, WIDTH, HEIGHT };
};

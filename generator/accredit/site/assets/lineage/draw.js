// Draws a scene of the lineage on a canvas, or as the text of an SVG file. Text is only ever drawn as text.
window.acLineageDraw = (graph) => {
  "use strict";

  const { nodes, WIDTH, HEIGHT } = graph;
  const [HALF, TALL, SLANT, CORNER] = [WIDTH / 2, HEIGHT / 2, 8, 9];
  const rounded = (r) => `M${-HALF + r} ${-TALL}H${HALF - r}a${r} ${r} 0 0 1 ${r} ${r}V${TALL - r}a${r} ${r} 0 0 1 ${-r} ${r}`
    + `H${-HALF + r}a${r} ${r} 0 0 1 ${-r} ${-r}V${-TALL + r}a${r} ${r} 0 0 1 ${r} ${-r}z`;
  const OUTLINES = {
    dataset: rounded(4), version: rounded(TALL),
    features: `M${-HALF + SLANT} ${-TALL}H${HALF}L${HALF - SLANT} ${TALL}H${-HALF}z`,
    deployment: `M${-HALF} ${-TALL}H${HALF - CORNER}L${HALF} ${-TALL + CORNER}V${TALL}H${-HALF}z`,
  };
  const PATHS = Object.fromEntries(Object.entries(OUTLINES).map(([kind, path]) => [kind, new Path2D(path)]));
  const ROOM = WIDTH - 30, rowOf = (n, all) => (all === 1 ? [-3, 13] : [-10, 4, 19])[n];
  const FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";
  const cut = new Map(), rule = document.createElement("canvas").getContext("2d");

  // The text in at most so many lines, broken between words where that can be; what has no room is cut off at the end.
  function lines(text, font, room, most) {
    const key = `${font}\n${most}\n${text}`;
    if (!cut.has(key)) cut.set(key, broken(text.trim().split(/\s+/), font, room, most));
    return cut.get(key);
  }

  function broken(words, font, room, most) {
    rule.font = font;
    const wide = (part) => rule.measureText(part).width, found = [];
    let line = "";
    for (const word of words) {
      const longer = line ? `${line} ${word}` : word;
      if (wide(longer) <= room || (!line && found.length + 1 < most && wide(word) <= room)) line = longer;
      else if (found.length + 1 < most && line) { found.push(line); line = word; } else { line = longer; break; }
    }
    let last = [...line];
    const left = words.join(" ").length > [...found, line].join(" ").length;
    if (left || wide(line) > room) {
      while (last.length > 1 && wide(`${last.join("")}…`) > room) last = last.slice(0, -1);
      last.push("…");
    }
    return [...found, last.join("")];
  }

  function colours() {
    const style = getComputedStyle(document.body);
    const of = (name) => style.getPropertyValue(`--${name}`).trim();
    return {
      ink: of("ac-ink"), soft: of("ac-soft"), line: of("ac-line"), faint: of("ac-faint"), back: of("md-default-bg-color"),
      blue: of("ac-blue"), blueBack: of("ac-blue-bg"), pass: of("ac-pass"), passBack: of("ac-pass-bg"),
      fail: of("ac-fail"), failBack: of("ac-fail-bg"), unknown: of("ac-unknown"), warn: of("ac-warn"),
    };
  }

  // How one node looks, whatever it is drawn on.
  function look(node, scene, c) {
    const style = { fill: c.faint, stroke: c.soft, width: 1, dash: [] };
    if (node.kind === "version") Object.assign(style, { fill: c.blueBack, stroke: c.blue });
    if (node.kind === "deployment") Object.assign(style, { fill: node.running ? c.passBack : c.faint, stroke: node.running ? c.pass : c.soft });
    if (node.stage === "production") Object.assign(style, { stroke: c.pass, width: 2 });
    if (node.stage === "archived" || node.running === 0) style.dash = [1, 3];
    if (!node.url) Object.assign(style, { fill: "none", stroke: c.unknown, dash: [4, 3] });
    if (scene.broken?.has(node.i)) Object.assign(style, { fill: c.failBack, stroke: c.fail, width: 2 });
    if (node.i === scene.focus) Object.assign(style, { stroke: c.ink, width: 2.5 });
    return style;
  }

  const detail = (node) => [node.detail || node.kind, node.called, node.running === 0 ? "switched off" : ""].filter(Boolean).join(" · ");
  const sign = (node) => (node.own.length ? "!" : node.above.length ? "↑" : "");
  const badges = (node, scene) => {
    const more = scene.more.get(node.i);
    return [["up", -1], ["down", 1]].filter(([way]) => more[way]).map(([way, side]) => ({ way, side, text: `+${more[way].toLocaleString("en")}` }));
  };
  const faded = (scene, ...ends) => scene.lit && !ends.every((i) => scene.lit.has(i));

  // From box to box, through the lanes on the way: each part as the control points of a curve.
  function curves([x1, y1], [x2, y2], stops) {
    const parts = [];
    let [x, y] = [x1 + HALF, y1];
    for (const [sx, sy] of stops) {
      parts.push(bent(x, y, sx - HALF, sy), [sx - HALF, sy, sx, sy, sx, sy, sx + HALF, sy]);
      [x, y] = [sx + HALF, sy];
    }
    return [...parts, bent(x, y, x2 - HALF - 7, y2)];
  }

  function bent(x1, y1, x2, y2) {
    const bend = Math.max(Math.abs(x2 - x1) / 2, 24);
    return [x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2];
  }

  // Links in as few strokes as there are ways to look.
  function paintLinks(ctx, scene, c, sees, zoom) {
    const groups = { plain: [], through: [], faded: [], lit: [] };
    for (const link of scene.links) {
      const [from, to] = [scene.place.get(link.s), scene.place.get(link.t)];
      const tops = [from[1], to[1], ...link.stops.map((stop) => stop[1])];
      if (!sees(Math.min(from[0], to[0]) - HALF, Math.min(...tops), Math.max(from[0], to[0]) + HALF, Math.max(...tops))) continue;
      const name = faded(scene, link.s, link.t) ? "faded" : scene.lit ? "lit" : "plain";
      groups[link.through && name === "plain" ? "through" : name].push([from, to, link.stops]);
    }
    const lit = scene.broken ? c.fail : c.blue;
    for (const [name, links] of Object.entries(groups)) {
      ctx.beginPath();
      for (const [from, to, stops] of links) {
        if (zoom < 0.18) { ctx.moveTo(from[0] + HALF, from[1]); ctx.lineTo(to[0] - HALF, to[1]); continue; }
        for (const [x1, y1, ...rest] of curves(from, to, stops)) { ctx.moveTo(x1, y1); ctx.bezierCurveTo(...rest); }
      }
      ctx.setLineDash(name === "through" ? [5, 4] : []);
      ctx.globalAlpha = name === "faded" ? 0.18 : 1;
      ctx.strokeStyle = ctx.fillStyle = name === "lit" ? lit : c.soft;
      ctx.lineWidth = name === "lit" ? 1.8 : 1;
      ctx.stroke();
      ctx.beginPath();
      if (zoom > 0.25) for (const [, [x, y]] of links) { ctx.moveTo(x - HALF, y); ctx.lineTo(x - HALF - 7, y - 3.2); ctx.lineTo(x - HALF - 7, y + 3.2); }
      ctx.fill();
    }
    ctx.setLineDash([]);
  }

  function paintNode(ctx, node, scene, c, zoom) {
    const style = look(node, scene, c);
    ctx.globalAlpha = faded(scene, node.i) ? 0.28 : 1;
    ctx.setLineDash(style.dash);
    ctx.lineWidth = style.width;
    ctx.fillStyle = style.fill === "none" ? c.back : style.fill;
    ctx.strokeStyle = style.stroke;
    ctx.fill(PATHS[node.kind]);
    ctx.stroke(PATHS[node.kind]);
    ctx.setLineDash([]);
    if (node.i === scene.chosen) {
      ctx.strokeStyle = c.blue;
      ctx.lineWidth = 2;
      ctx.beginPath();
      ctx.roundRect(-HALF - 5, -TALL - 5, WIDTH + 10, HEIGHT + 10, 9);
      ctx.stroke();
    }
    if (zoom < 0.3) return;
    ctx.textAlign = "center";
    ctx.fillStyle = c.ink;
    ctx.font = `${node.i === scene.focus ? 700 : 400} 12px ${FONT}`;
    const told = lines(node.label, ctx.font, ROOM, 2);
    told.forEach((line, n) => ctx.fillText(line, 0, rowOf(n, told.length)));
    ctx.fillStyle = c.soft;
    ctx.font = `10px ${FONT}`;
    ctx.fillText(lines(detail(node), ctx.font, ROOM, 1)[0], 0, rowOf(told.length, told.length));
    for (const { side, text } of badges(node, scene)) paintBadge(ctx, side, text, c);
    if (sign(node)) paintSign(ctx, node, c);
  }

  function paintBadge(ctx, side, text, c) {
    const wide = 14 + text.length * 6;
    ctx.fillStyle = c.back;
    ctx.strokeStyle = c.soft;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.roundRect(side * HALF - wide / 2, TALL - 6, wide, 15, 7.5);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = c.ink;
    ctx.font = `10px ${FONT}`;
    ctx.fillText(text, side * HALF, TALL + 5);
  }

  function paintSign(ctx, node, c) {
    ctx.beginPath();
    ctx.arc(-HALF + 12, -TALL, 8, 0, 2 * Math.PI);
    ctx.fillStyle = node.own.length ? c.fail : c.back;
    ctx.strokeStyle = c.fail;
    ctx.lineWidth = 1.5;
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = node.own.length ? c.back : c.fail;
    ctx.font = `700 11px ${FONT}`;
    ctx.fillText(sign(node), -HALF + 12, -TALL + 4);
  }

  // `view` is the scale and where the origin lies; only what can be seen is drawn.
  function paint(ctx, scene, view, c, width, height) {
    const { zoom, x, y } = view;
    const sees = (x1, y1, x2, y2) => x2 * zoom + x > -20 && x1 * zoom + x < width + 20 && y2 * zoom + y > -30 && y1 * zoom + y < height + 30;
    const base = ctx.getTransform();
    ctx.fillStyle = c.back;
    ctx.fillRect(0, 0, width, height);
    ctx.transform(zoom, 0, 0, zoom, x, y);
    paintLinks(ctx, scene, c, sees, zoom);
    const scaled = ctx.getTransform();
    for (const i of scene.kept) {
      const [nx, ny] = scene.place.get(i);
      if (!sees(nx - HALF, ny - TALL, nx + HALF, ny + TALL)) continue;
      ctx.setTransform(scaled);
      ctx.translate(nx, ny);
      paintNode(ctx, nodes[i], scene, c, zoom);
    }
    ctx.setTransform(base);
    ctx.globalAlpha = 1;
  }

  function bounds(scene) {
    const all = [...scene.place.values()], of = (axis, pick) => all.reduce((best, p) => pick(best, p[axis]), all[0][axis]);
    return [of(0, Math.min) - HALF - 30, of(1, Math.min) - TALL - 24, of(0, Math.max) + HALF + 30, of(1, Math.max) + TALL + 24];
  }

  // The same as a document that stands by itself.
  function svg(scene, c) {
    const NS = "http://www.w3.org/2000/svg";
    const make = (name, attributes, parent) => {
      const element = document.createElementNS(NS, name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      return parent ? parent.appendChild(element) : element;
    };
    const say = (parent, text, x, y, size, fill, weight = 400) => {
      make("text", { x, y, fill, "font-size": size, "font-weight": weight, "text-anchor": "middle" }, parent).textContent = text;
    };
    const [x1, y1, x2, y2] = bounds(scene);
    const root = make("svg", { viewBox: `${x1} ${y1} ${x2 - x1} ${y2 - y1}`, width: x2 - x1, height: y2 - y1, "font-family": FONT });
    make("rect", { x: x1, y: y1, width: x2 - x1, height: y2 - y1, fill: c.back }, root);
    for (const { s, t, through, stops } of scene.links) {
      const [from, to] = [scene.place.get(s), scene.place.get(t)];
      const d = curves(from, to, stops).map(([x, y, ...rest]) => `M${x} ${y}C${rest.join(" ")}`).join("");
      const stroke = scene.lit && !faded(scene, s, t) ? (scene.broken ? c.fail : c.blue) : c.soft;
      const group = make("g", { opacity: faded(scene, s, t) ? 0.2 : 1 }, root);
      make("path", { d, fill: "none", stroke, ...(through ? { "stroke-dasharray": "5 4" } : {}) }, group);
      make("path", { d: `M${to[0] - HALF} ${to[1]}l-7 -3.2v6.4z`, fill: stroke }, group);
    }
    for (const i of scene.kept) {
      const node = nodes[i], style = look(node, scene, c), [x, y] = scene.place.get(i);
      const group = make("g", { transform: `translate(${x} ${y})`, opacity: faded(scene, i) ? 0.3 : 1 }, root);
      make("title", {}, group).textContent = [node.key, ...[...node.own, ...node.above].map(([, code, told]) => `${code} ${told}`.trim())].join("\n");
      make("path", { d: OUTLINES[node.kind], fill: style.fill, stroke: style.stroke, "stroke-width": style.width, "stroke-dasharray": style.dash.join(" ") || "none" }, group);
      const weight = i === scene.focus ? 700 : 400, told = lines(node.label, `${weight} 12px ${FONT}`, ROOM, 2);
      told.forEach((line, n) => say(group, line, 0, rowOf(n, told.length), 12, c.ink, weight));
      say(group, lines(detail(node), `10px ${FONT}`, ROOM, 1)[0], 0, rowOf(told.length, told.length), 10, c.soft);
      for (const { side, text } of badges(node, scene)) say(group, text, side * HALF, TALL + 10, 10, c.soft);
      if (sign(node)) {
        make("circle", { cx: -HALF + 12, cy: -TALL, r: 8, fill: node.own.length ? c.fail : c.back, stroke: c.fail }, group);
        say(group, sign(node), -HALF + 12, -TALL + 4, 11, node.own.length ? c.back : c.fail, 700);
      }
    }
    return new XMLSerializer().serializeToString(root);
  }

  return { paint, bounds, svg, colours, detail, sign, badges };
};

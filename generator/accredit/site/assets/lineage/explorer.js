// The lineage explorer: one focus, what lies around it, and what breaks if it goes. The address holds what is shown.
(() => {
  "use strict";

  const ZOOM = [0.04, 2.5], SLOW = 45, REST = 140, FOUND = 12;
  const KINDS = ["dataset", "features", "version", "deployment"], STAGES = ["staging", "review", "production", "archived"];

  function start() {
    const root = document.getElementById("explorer");
    if (!root || !window.acLineage?.nodes.length || root.acStarted) return;
    root.acStarted = true;
    root.hidden = false;
    const graph = window.acLineageGraph(window.acLineage), draw = window.acLineageDraw(graph);
    const at = (id) => document.getElementById(`lx-${id}`);
    const canvas = at("canvas"), ctx = canvas.getContext("2d", { alpha: false });
    let state, view = null, scene, columns, colours = draw.colours(), size = [1, 1], cost = 0, waiting = 0, resting = 0, still = null;

    // --- What the address says -------------------------------------------------------------------------------------

    function first() {
      const weight = ({ i, kind, detail, down }) => (KINDS.indexOf(kind) > 1 ? -1 : goes(i).production.length * 1e6
        + down.filter((n) => graph.nodes[n].stage === "production").length * 1e4 + down.length * 2 + (detail === "training"));
      const few = graph.nodes.length > 1500 ? graph.nodes.filter((n) => n.stage === "production").slice(0, 1) : graph.nodes;
      return (few.length ? few : graph.nodes).reduce((best, n) => (weight(n) > weight(best) ? n : best)).key;
    }

    function recall() {
      const query = new URLSearchParams(location.hash.slice(1)), list = (name) => (query.get(name) ?? "").split(",").filter(Boolean);
      const focus = graph.byKey.has(query.get("focus")) ? query.get("focus") : (opening ??= first());
      state = {
        focus, chosen: graph.byKey.has(query.get("at")) ? query.get("at") : focus, open: new Set(list("open")),
        hops: ["1", "3", "5", "all", "every"].includes(query.get("hops")) ? query.get("hops") : "2",
        way: ["up", "down"].includes(query.get("way")) ? query.get("way") : "both",
        problem: ["any", "own"].includes(query.get("problem")) ? query.get("problem") : "",
        kinds: new Set(KINDS.filter((k) => !list("without").includes(k))),
        stages: new Set(STAGES.filter((s) => !list("without").includes(s))), breaks: query.has("breaks"),
      };
      const [zoom, x, y] = (query.get("view") ?? "").split(",").map(Number);
      view = null;
      refresh();
      if (zoom >= ZOOM[0] && zoom <= ZOOM[1] && Number.isFinite(x) && Number.isFinite(y)) {
        view = { zoom, x: size[0] / 2 - x * zoom, y: size[1] / 2 - y * zoom, moved: true };
        request();
      }
    }
    let opening;

    function address() {
      const parts = [["focus", state.focus]], without = [...KINDS.filter((k) => !state.kinds.has(k)), ...STAGES.filter((s) => !state.stages.has(s))];
      if (state.chosen !== state.focus) parts.push(["at", state.chosen]);
      if (state.hops !== "2") parts.push(["hops", state.hops]);
      if (state.way !== "both") parts.push(["way", state.way]);
      if (state.problem) parts.push(["problem", state.problem]);
      if (without.length) parts.push(["without", without.join(",")]);
      if (state.open.size) parts.push(["open", [...state.open].join(",")]);
      if (state.breaks) parts.push(["breaks", "1"]);
      if (view?.moved) parts.push(["view", [view.zoom.toFixed(3), ...middle().map(Math.round)].join(",")]);
      return `#${parts.map(([k, v]) => `${k}=${encodeURIComponent(v).replace(/%(3A|40|2F|2C)/g, decodeURIComponent)}`).join("&")}`;
    }

    function keep(how = "replaceState") {
      history[how](history.state, "", address());
    }

    const middle = () => [(size[0] / 2 - view.x) / view.zoom, (size[1] / 2 - view.y) / view.zoom];

    // --- What is shown ---------------------------------------------------------------------------------------------

    function goes(i) {
      const all = [...graph.reach(i, "down").keys()].slice(1).map((n) => graph.nodes[n]);
      const versions = all.filter((n) => n.kind === "version"), running = all.filter((n) => n.running === 1);
      return { all, versions, running, production: versions.filter((n) => n.stage === "production") };
    }

    function refresh() {
      const made = graph.shown(state), placed = graph.placed(made.kept, made.links);
      scene = { ...made, place: placed.place };
      columns = placed.columns;
      if (!scene.place.has(graph.byKey.get(state.chosen).i)) state.chosen = state.focus;
      at("hops").value = state.hops;
      at("way").value = state.way;
      at("problem").value = state.problem;
      for (const box of root.querySelectorAll(".ac-lx-pick input")) box.checked = state[`${box.name}s`].has(box.value);
      const hidden = [...scene.more.values()].reduce((sum, more) => sum + more.up + more.down, 0);
      at("count").textContent = `${made.kept.length.toLocaleString("en")} of ${graph.nodes.length.toLocaleString("en")}`
        + (hidden ? `, ${hidden.toLocaleString("en")} links lead further` : "") + (made.filtered ? `, ${made.filtered} filtered out` : "");
      choose(state.chosen);
      if (!view || !view.moved) fit();
    }

    function choose(key, tell = false) {
      state.chosen = key;
      const node = graph.byKey.get(key);
      scene.chosen = node.i === scene.focus ? -1 : node.i;
      scene.lit = scene.broken = null;
      if (state.breaks) scene.lit = scene.broken = new Set(graph.reach(node.i, "down").keys());
      else if (node.i !== scene.focus) scene.lit = new Set([...graph.reach(node.i, "up").keys(), ...graph.reach(node.i, "down").keys()]);
      at("breaks").setAttribute("aria-pressed", String(state.breaks));
      describe(node);
      if (tell) {
        const wrong = node.own.length ? " Problem here." : node.above.length ? " Upstream problem." : "";
        at("told").textContent = `${node.label}, ${draw.detail(node)}. ${node.up.length} before it, ${node.down.length} after it.${wrong}`;
      }
      request();
    }

    const make = (name, words, parent, attributes = {}) => {
      const element = document.createElement(name);
      element.textContent = words;
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      return parent.appendChild(element);
    };
    const plural = (n, one) => `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;

    function describe(node) {
      at("kind").textContent = { dataset: "Dataset", features: "Feature set", version: "Version", deployment: "Deployment" }[node.kind];
      at("name").textContent = node.label;
      at("id").textContent = node.id;
      at("state").textContent = [node.called || node.detail, node.running === 1 ? "in use" : node.running === 0 ? "switched off" : "", node.owner ? `owner ${node.owner}` : ""].filter(Boolean).join(" · ");
      const open = at("open");
      open.hidden = !node.url;
      if (node.url) open.href = node.url;
      for (const way of ["up", "down"]) {
        const button = root.querySelector(`[data-lx=${way}]`), more = scene.more.get(node.i)?.[way] ?? 0;
        button.textContent = way === "up" ? `← ${more} more` : `${more} more →`;
        button.hidden = !more;
      }
      root.querySelector("[data-lx=focus]").hidden = node.key === state.focus;
      at("wrong").replaceChildren();
      listed("Problems", node.own, at("wrong"));
      listed("Upstream problems", node.above, at("wrong"));
      consequences(node, at("goes"));
    }

    function listed(title, problems, parent) {
      if (!problems.length) return;
      make("h3", `${title} (${problems.length})`, parent);
      const list = make("ul", "", parent);
      for (const [where, code, told] of problems.slice(0, 6)) {
        const item = make("li", "", list);
        if (code) make("strong", `${code} `, item);
        item.append(told.replaceAll("`", ""));
        if (where >= 0 && graph.nodes[where].key !== state.chosen) link(item, graph.nodes[where]);
      }
      if (problems.length > 6) make("li", `and ${problems.length - 6} more`, list);
    }

    function link(parent, node, words = `→ ${node.id}`) {
      make("button", words, parent, { type: "button", class: "ac-lx-go" }).addEventListener("click", () => go(node.key));
    }

    function consequences(node, parent) {
      parent.replaceChildren();
      const { all, versions, running, production } = goes(node.i);
      if (node.kind === "deployment") return;
      make("h3", "If it goes", parent);
      if (!all.length) { make("p", "Nothing was made from it.", parent); return; }
      const hit = [[production, "version", `in ${graph.production}`], [running, "deployment", "in use"]].filter(([some]) => some.length);
      const models = new Set(versions.map((v) => v.id.split("@")[0])).size;
      const lost = hit.map(([some, one, how]) => `${plural(some.length, one)} ${how}`).join(" and ");
      make("p", lost ? `${lost} would break.` : "Nothing in use would break.", parent, { class: lost ? "ac-lx-alarm" : "" });
      if (versions.length) make("p", `It went into ${plural(versions.length, "version")} of ${plural(models, "model")}.`, parent);
      const list = make("ul", "", parent);
      for (const other of [...production, ...running].slice(0, 8)) link(make("li", "", list), other, other.id);
      if (production.length + running.length > 8) make("li", `and ${production.length + running.length - 8} more`, list);
      const owners = [...new Set([...production, ...running].map((n) => n.owner))];
      if (owners.length) make("p", `Tell ${owners.slice(0, 5).join(", ")}${owners.length > 5 ? ` and ${owners.length - 5} more` : ""}.`, parent);
    }

    // --- Drawing ---------------------------------------------------------------------------------------------------

    function resize() {
      const box = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
      if (!box.width) return;
      const before = view && scene ? middle() : null;
      size = [box.width, box.height];
      [canvas.width, canvas.height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
      if (before && view.moved) Object.assign(view, { x: size[0] / 2 - before[0] * view.zoom, y: size[1] / 2 - before[1] * view.zoom });
      else if (scene) fit();
      request();
    }

    // A scene that takes long is drawn anew only when the hand rests; meanwhile its last picture is moved.
    function request(moving = false) {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => {
        if (moving && cost > SLOW && still) return shift();
        return whole();
      });
    }

    function whole() {
      if (!view || !scene) return;
      const from = performance.now(), ratio = canvas.width / size[0];
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      draw.paint(ctx, scene, view, colours, ...size);
      const drawn = view;
      requestAnimationFrame(() => {
        root.acFrame = cost = performance.now() - from;  // up to the next frame, so the painting itself is in it
        still = cost > SLOW && drawn === view ? { picture: copied(), ...drawn } : null;
      });
    }

    function copied() {
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [canvas.width, canvas.height];
      copy.getContext("2d").drawImage(canvas, 0, 0);
      return copy;
    }

    function shift() {
      const from = performance.now(), ratio = canvas.width / size[0], by = view.zoom / still.zoom;
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.fillStyle = colours.back;
      ctx.fillRect(0, 0, ...size);
      ctx.drawImage(still.picture, view.x - still.x * by, view.y - still.y * by, size[0] * by, size[1] * by);
      requestAnimationFrame(() => { root.acFrame = performance.now() - from; });
      clearTimeout(resting);
      resting = setTimeout(() => request(), REST);
    }

    function fit() {
      if (!scene) return;
      const [x1, y1, x2, y2] = draw.bounds(scene), all = Math.min(size[0] / (x2 - x1), size[1] / (y2 - y1), 1.15);
      const zoom = Math.max(all, ZOOM[0]), [fx, fy] = scene.place.get(scene.focus);
      const readable = Math.max(zoom, state.hops === "every" ? 0.2 : size[0] < 500 ? 0.72 : 0.5);
      view = { zoom: readable, x: size[0] / 2 - ((x1 + x2) / 2) * readable, y: size[1] / 2 - ((y1 + y2) / 2) * readable, moved: false };
      if (readable > all) Object.assign(view, { x: size[0] / 2 - fx * readable, y: size[1] / 2 - fy * readable });
      request();
    }

    function zoomBy(factor, x = size[0] / 2, y = size[1] / 2) {
      const zoom = Math.min(Math.max(view.zoom * factor, ZOOM[0]), ZOOM[1]), by = zoom / view.zoom;
      view = { zoom, x: x - (x - view.x) * by, y: y - (y - view.y) * by, moved: true };
      later();
      request(true);
    }

    function panBy(dx, dy) {
      view = { ...view, x: view.x + dx, y: view.y + dy, moved: true };
      later();
      request(true);
    }

    let saving = 0;
    function later() {
      clearTimeout(saving);
      saving = setTimeout(() => keep(), 250);
    }

    function reveal(i) {
      const [x, y] = scene.place.get(i), sx = x * view.zoom + view.x, sy = y * view.zoom + view.y, edge = 90 * view.zoom + 20;
      const dx = Math.max(edge - sx, 0) + Math.min(size[0] - edge - sx, 0), dy = Math.max(edge - sy, 0) + Math.min(size[1] - edge - sy, 0);
      if (dx || dy) panBy(dx, dy);
    }

    // --- Doing -----------------------------------------------------------------------------------------------------

    function focusOn(key) {
      Object.assign(state, { focus: key, chosen: key, open: new Set() });
      view = null;
      refresh();
      keep("pushState");
    }

    function go(key) {
      if (!scene.place.has(graph.byKey.get(key).i)) return focusOn(key);
      choose(key, true);
      reveal(graph.byKey.get(key).i);
      return keep();
    }

    function unfold(key, way) {
      const node = graph.byKey.get(key), [x, y] = scene.place.get(node.i);
      state.open.add(`${way === "up" ? "<" : ">"}${key}`);
      view.moved = true;
      refresh();
      const [nx, ny] = scene.place.get(node.i);  // what was unfolded stays where it is on the screen
      panBy((x - nx) * view.zoom, (y - ny) * view.zoom);
      choose(key, true);
      keep();
    }

    function under(px, py) {
      const [x, y] = [(px - view.x) / view.zoom, (py - view.y) / view.zoom];
      const near = (i, room) => { const [nx, ny] = scene.place.get(i); return [x - nx, y - ny].map(Math.abs).every((d, n) => d <= [graph.WIDTH, graph.HEIGHT][n] / 2 + room); };
      for (const i of view.zoom < 0.3 ? [] : scene.kept.filter((n) => near(n, 24))) {
        const [nx, ny] = scene.place.get(i);
        for (const { way, side } of draw.badges(graph.nodes[i], scene)) {
          if (Math.abs(x - nx - side * graph.WIDTH / 2) < 20 && Math.abs(y - ny - graph.HEIGHT / 2 - 1.5) < 13) return { i, way };
        }
      }
      const i = scene.kept.find((n) => near(n, 3));
      return i === undefined ? null : { i };
    }

    function step(dx, dy) {
      const i = graph.byKey.get(state.chosen).i;
      const column = columns.find((c) => c.includes(i)), [, y] = scene.place.get(i);
      const way = dx < 0 ? "up" : "down";
      const options = dy ? [column[column.indexOf(i) + dy]].filter((n) => n !== undefined)
        : scene.links.filter((l) => (way === "up" ? l.t : l.s) === i).map((l) => (way === "up" ? l.s : l.t));
      if (options.length) return go(graph.nodes[options.reduce((a, b) => (Math.abs(scene.place.get(b)[1] - y) < Math.abs(scene.place.get(a)[1] - y) ? b : a))].key);
      if (dx && scene.more.get(i)[way]) return unfold(state.chosen, way);
      return undefined;
    }

    const KEYS = {
      ArrowLeft: () => step(-1, 0), ArrowRight: () => step(1, 0), ArrowUp: () => step(0, -1), ArrowDown: () => step(0, 1),
      Enter: () => { const { url } = graph.byKey.get(state.chosen); if (url) location.href = url; },
      " ": () => { for (const way of ["up", "down"]) if (scene.more.get(graph.byKey.get(state.chosen).i)[way]) unfold(state.chosen, way); },
      f: () => focusOn(state.chosen), b: () => breaks(), "+": () => zoomBy(1.25), "=": () => zoomBy(1.25), "-": () => zoomBy(0.8),
      0: () => { fit(); keep(); }, "/": () => at("find").focus(), Escape: () => go(state.focus),
    };

    function breaks() {
      state.breaks = !state.breaks;
      choose(state.chosen, true);
      keep();
    }

    function save(name, content) {
      const url = URL.createObjectURL(content);
      const anchor = make("a", "", document.body, { href: url, download: `lineage-${state.focus.replace(/[^a-z0-9.-]+/gi, "-")}.${name}` });
      anchor.click();
      anchor.remove();
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    }

    function picture() {
      const [x1, y1, x2, y2] = draw.bounds(scene), scale = Math.min(2, 8192 / Math.max(x2 - x1, y2 - y1));
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [Math.ceil((x2 - x1) * scale), Math.ceil((y2 - y1) * scale)];
      draw.paint(copy.getContext("2d"), scene, { zoom: scale, x: -x1 * scale, y: -y1 * scale }, colours, copy.width, copy.height);
      copy.toBlob((blob) => save("png", blob), "image/png");
    }

    const BUTTONS = {
      in: () => zoomBy(1.25), out: () => zoomBy(0.8), fit: () => { fit(); keep(); }, focus: () => focusOn(state.chosen),
      up: () => unfold(state.chosen, "up"), down: () => unfold(state.chosen, "down"), png: picture,
      svg: () => save("svg", new Blob([draw.svg(scene, colours)], { type: "image/svg+xml" })),
    };

    // --- Search ----------------------------------------------------------------------------------------------------

    const field = at("find"), results = at("found");
    let marked = -1;

    function search() {
      const hits = graph.found(field.value, FOUND);
      results.replaceChildren();
      hits.forEach((node, n) => {
        const item = make("li", "", results, { role: "option", id: `lx-hit-${n}`, "aria-selected": "false", "data-key": node.key });
        make("b", node.label, item);
        make("span", ` ${node.id} · ${draw.detail(node)}`, item);
      });
      if (field.value.trim() && !hits.length) make("li", "Nothing is called so.", results, { role: "option", "aria-disabled": "true", "aria-selected": "false" });
      results.hidden = !field.value.trim();
      field.setAttribute("aria-expanded", String(!results.hidden));
      mark(hits.length ? 0 : -1);
    }

    function mark(n) {
      marked = n;
      [...results.children].forEach((item, at_) => item.setAttribute("aria-selected", String(at_ === n)));
      if (n >= 0) field.setAttribute("aria-activedescendant", `lx-hit-${n}`);
      else field.removeAttribute("aria-activedescendant");
    }

    function pick(item) {
      if (!item?.dataset.key) return;
      field.value = "";
      search();
      focusOn(item.dataset.key);
      canvas.focus({ preventScroll: true });
    }

    field.addEventListener("input", search);
    field.addEventListener("blur", () => { results.hidden = true; field.setAttribute("aria-expanded", "false"); });
    field.addEventListener("focus", search);
    field.addEventListener("keydown", (event) => {
      const count = results.querySelectorAll("[data-key]").length;
      if (event.key === "ArrowDown" && count) mark((marked + 1) % count);
      else if (event.key === "ArrowUp" && count) mark((marked + count - 1) % count);
      else if (event.key === "Enter") pick(results.children[marked]);
      else if (event.key === "Escape") { field.value = ""; search(); } else return;
      event.preventDefault();
    });
    results.addEventListener("pointerdown", (event) => { event.preventDefault(); pick(event.target.closest("li")); });

    // --- Hands -----------------------------------------------------------------------------------------------------

    const fingers = new Map();
    let dragged = 0;
    const local = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };

    canvas.addEventListener("pointerdown", (event) => {
      if (!fingers.size) dragged = 0;
      fingers.set(event.pointerId, local(event));
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId), now = local(event);
      if (!before) { const hit = under(...now); canvas.style.cursor = hit ? "pointer" : "grab"; return; }
      const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
      fingers.set(event.pointerId, now);
      if (others.length) {
        const far = (point) => Math.hypot(point[0] - others[0][0], point[1] - others[0][1]);
        zoomBy(far(now) / Math.max(far(before), 1), (now[0] + others[0][0]) / 2, (now[1] + others[0][1]) / 2);
      }
      dragged += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
      if (dragged > 4 || others.length) panBy((now[0] - before[0]) / (others.length + 1), (now[1] - before[1]) / (others.length + 1));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => {
        const hit = end === "pointerup" && fingers.size === 1 && dragged <= 4 ? under(...local(event)) : null;
        fingers.delete(event.pointerId);
        if (hit?.way) unfold(graph.nodes[hit.i].key, hit.way);
        else if (hit) { choose(graph.nodes[hit.i].key, true); keep(); }
      });
    }
    canvas.addEventListener("dblclick", (event) => { const hit = under(...local(event)); if (hit && !hit.way) focusOn(graph.nodes[hit.i].key); });
    canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && document.activeElement !== canvas) return;  // the page scrolls until the diagram is used
      event.preventDefault();
      zoomBy(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), ...local(event));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
    root.addEventListener("click", (event) => BUTTONS[event.target.closest("[data-lx]")?.dataset.lx]?.());
    at("breaks").addEventListener("click", breaks);
    root.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    root.querySelector("form").addEventListener("change", (event) => {
      const { id, name, value, checked } = event.target;
      if (name) state[`${name}s`][checked ? "add" : "delete"](value);
      else if (id !== "lx-find") state[id.slice(3)] = value;
      view = null;
      refresh();
      keep();
    });
    window.addEventListener("popstate", recall);
    window.addEventListener("hashchange", () => { if (location.hash.includes("focus=") && location.hash !== address()) recall(); });
    new ResizeObserver(resize).observe(canvas);
    new MutationObserver(() => { colours = draw.colours(); request(); }).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });

    resize();
    recall();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

import {
  announcer, chart, clamp, handle, html, legendRow, notice, number, numberField, onChange, onDrag, onKeys, onResize,
  rebuildOnChange, roundStep, setAttributes, slider, svg, update, widgetRoot,
} from "../shared.js";

const LAYERS = ["interval", "difference", "yours"];

// ---- What is known at one position of point and line ----

/** Look up everything at the current point; `low` and `high` are null where no line supports the graph. */
function positionOf(model) {
  const s = model.get("samples");
  const [x0, slope, h] = ["x0", "slope", "h"].map((trait) => model.get(trait));
  const i = s.x.reduce((best, x, k) => (Math.abs(x - x0) < Math.abs(s.x[best] - x0) ? k : best), 1);
  const [y0, low, high] = [s.y[i], s.low[i], s.high[i]];
  const off = (v) => (low === null ? Infinity : Math.max(low - v, v - high, 0));
  return {
    i, x0, y0, slope, h, low, high, off,
    line: (x) => y0 + slope * (x - x0),
    isSubgradient: (v) => off(v) <= s.tolerance,
    stretches: stretchesAbove(s.x, s.y, i, slope),
    tied: tiedSlopes(s.lines, x0, y0),
    central: s.central[s.steps.indexOf(h)]?.[i] ?? null,
    yours: s.yours[i] ?? null,
  };
}

/** Slopes of the lines that pass through (x, y), up to round-off. */
function tiedSlopes(lines, x, y) {
  const passes = ([a, b]) => Math.abs(a * x + b - y) <= 1e-12 * (1 + Math.abs(a * x) + Math.abs(b));
  return [...new Set(lines.filter(passes).map(([a]) => a))].sort((a, b) => a - b);
}

/** Where the line of `slope` through sample i runs above the graph, as [from, to] in x. */
function stretchesAbove(x, y, i, slope) {
  const gap = x.map((v, k) => y[i] + slope * (v - x[i]) - y[k]);
  const least = 1e-9 * Math.max(1, Math.max(...y) - Math.min(...y));
  const crossing = (inside, outside) => {
    if (outside < 0 || outside >= x.length) return x[inside];
    const share = gap[inside] / (gap[inside] - Math.min(gap[outside], 0));
    return x[inside] + share * (x[outside] - x[inside]);
  };
  const stretches = [];
  for (let k = 0; k < x.length; k += 1) {
    if (gap[k] <= least) continue;
    const first = k;
    while (gap[k + 1] > least) k += 1;
    stretches.push([crossing(first, first - 1), crossing(k, k + 1)]);
  }
  return stretches;
}

// ---- What is said about it: the sentences of _words.py ----

function verdict(p) {
  if (p.isSubgradient(p.slope)) return "Supports the graph: the line stays under it everywhere in the picture.";
  const ranges = p.stretches.map(([a, b]) => `from ${number(a)} to ${number(b)}`).join(" and ");
  const where = ranges ? `for x ${ranges}` : `next to x₀ = ${number(p.x0)}`;
  if (p.low === null) return `No supporting line exists here. This one is above the graph ${where}.`;
  return `Does not support the graph: the line is above it ${where}.`;
}

function interval(p) {
  if (p.low === null) return "none";
  return p.low === p.high ? `only ${number(p.low)}` : `every slope from ${number(p.low)} to ${number(p.high)}`;
}

function judged(p, slope, otherwise) {
  if (slope === null) return otherwise;
  if (p.low === null) return number(slope);
  return `${number(slope)}, ${p.isSubgradient(slope) ? "a subgradient" : `off by ${number(p.off(slope))}`}`;
}

// ---- Moves: every one goes through the model, so that Python follows ----

function movesOf(model) {
  const s = model.get("samples");
  const slopes = [...s.left, ...s.right].filter((v) => v !== null);
  const [flattest, steepest] = [Math.min(...slopes), Math.max(...slopes)];
  const room = Math.max(1, (steepest - flattest) / 2);
  const range = [flattest - room, steepest + room];
  const step = roundStep(range[1] - range[0], 80);
  const multiple = (k, of) => Number((k * of).toPrecision(12));
  const ends = (p) => (p.low === null ? [] : [p.low, p.high]);
  const isKink = (i) => s.right[i] - s.left[i] > 1e3 * s.tolerance;
  const toIndex = (i) => update(model, { x0: s.x[clamp(i, 1, s.x.length - 2)] });

  return {
    range,
    toIndex,
    stepPoint: (n) => toIndex(positionOf(model).i + n),
    /** Kinks within `reach` attract the point. */
    dragPoint: (x, reach) => {
      const distance = (i) => Math.abs(s.x[i] - x) - (isKink(i) ? reach : 0);
      toIndex(s.x.reduce((best, _, i) => (distance(i) < distance(best) ? i : best), 1));
    },
    /** The ends of the interval attract a dragged slope: no hand would hit them otherwise. */
    dragSlope: (value) => {
      const near = ends(positionOf(model)).find((end) => Math.abs(end - value) < 0.6 * step);
      update(model, { slope: near ?? multiple(Math.round((5 * value) / step), step / 5) });
    },
    /** One press goes to the next multiple of the step, and never jumps over an end of the interval. */
    stepSlope: (n) => {
      const p = positionOf(model);
      const passed = n > 0 ? Math.floor(p.slope / step + 1e-9) : Math.ceil(p.slope / step - 1e-9);
      const to = clamp(multiple(passed + n, step), ...range);
      const between = ends(p).filter((end) => (end - p.slope) * (end - to) < 0);
      const nearest = between.sort((a, b) => Math.abs(a - p.slope) - Math.abs(b - p.slope))[0];
      update(model, { slope: nearest ?? to });
    },
  };
}

// ---- The picture ----

function drawing(model, moves) {
  const s = model.get("samples");
  const [lowest, highest] = [Math.min(...s.y), Math.max(...s.y)];
  const size = highest - lowest || 1;
  const domain = [s.x[0], s.x.at(-1)];
  const plot = chart(domain, [lowest - 0.35 * size, highest + 0.1 * size], `Graph of ${s.name}`);
  const shape = (name) => plot.frame.appendChild(svg("path", { class: name }));
  const wedge = shape("interval");
  const given = s.lines.map(() => shape("given"));
  const [gap, drop, graph, line, above, chord, chordEnds, yours, grip] =
    ["gap", "drop", "graph", "line", "above", "difference", "difference-ends", "yours", "grip"].map(shape);
  const turn = handle("turn", "Slope of the line", svg("path", { class: "knob", d: "M0 -10L10 0L0 10L-10 0Z" }));
  const point = handle("point", "Point on the graph, x₀", svg("circle", { class: "knob", r: 8 }));
  plot.picture.append(point, turn);
  setAttributes(turn, { "aria-valuemin": moves.range[0], "aria-valuemax": moves.range[1] });
  setAttributes(point, { "aria-valuemin": s.x[1], "aria-valuemax": s.x.at(-2) });

  const across = (heightOf) => plot.path(domain.map((x) => [x, heightOf(x)]));
  const drawGiven = () => {
    setAttributes(graph, { d: plot.path(s.x.map((x, k) => [x, s.y[k]])) });
    given.forEach((path, k) => setAttributes(path, { d: across((x) => s.lines[k][0] * x + s.lines[k][1]) }));
  };
  const heightAt = (x) => {
    const k = clamp(s.x.findLastIndex((v) => v <= x), 0, s.x.length - 2);
    return s.y[k] + ((x - s.x[k]) / (s.x[k + 1] - s.x[k])) * (s.y[k + 1] - s.y[k]);
  };
  /** What the lines of all subgradients sweep, on both sides of the point. */
  const wedgeOf = (p) => {
    const far = 2 * (domain[1] - domain[0]);
    const corner = (slope, sign) => [p.x0 + sign * far, p.y0 + sign * slope * far];
    const half = (sign) => `${plot.path([[p.x0, p.y0], corner(p.low, sign), corner(p.high, sign)])}Z`;
    return half(1) + half(-1);
  };
  /** The area between graph and line for x from a to b, hatched: seen without colour too. */
  const areaOf = (p, [a, b]) => {
    const inside = s.x.map((x, k) => [x, s.y[k], k]).filter(([x]) => x > a && x < b);
    const hatch = inside.filter(([, , k]) => k % 4 === 0).map(([x, y]) => plot.path([[x, y], [x, p.line(x)]]));
    return `${plot.path([[a, p.line(a)], ...inside, [b, heightAt(b)], [b, p.line(b)]])}Z${hatch.join("")}`;
  };
  const dot = ([x, y]) => `M${plot.px(x) - 5} ${plot.py(y)}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0`;
  const chordOf = (p) => [p.x0 - p.h, p.x0 + p.h].map((x) => [x, heightAt(x)]);

  let side = 1;
  /** Where the slope's handle stands: on the line, some way from the point, inside the frame. */
  const turnAt = (p) => {
    const [x, y] = [plot.px(p.x0), plot.py(p.y0)];
    const [run, rise] = [plot.px(p.x0 + 1) - x, plot.py(p.y0 + p.slope) - y];
    const room = (at, speed, end) => (speed === 0 ? Infinity : ((speed > 0 ? end - 14 : 14) - at) / speed);
    const reach = (sign) => {
      const [dx, dy] = [run, rise].map((part) => (sign * part) / Math.hypot(run, rise));
      return { far: Math.min(0.28 * plot.width, room(x, dx, plot.width), room(y, dy, plot.height)), dx, dy };
    };
    const dragged = plot.picture.querySelector(".dragging");
    if (!dragged && reach(side).far < 60) side = reach(1).far >= reach(-1).far ? 1 : -1;
    const { far, dx, dy } = reach(side);
    return [plot.left + x + Math.max(far, 30) * dx, plot.top + y + Math.max(far, 30) * dy];
  };
  const move = (node, at, value) =>
    setAttributes(node, { transform: `translate(${at})`, "aria-valuenow": value, "aria-valuetext": number(value) });

  const draw = (p, show) => {
    setAttributes(wedge, { d: show.interval && p.low !== null ? wedgeOf(p) : "" });
    for (const path of [line, grip]) setAttributes(path, { d: across(p.line) });
    setAttributes(drop, { d: plot.path([[p.x0, p.y0], [p.x0, plot.values[0]]]) });
    setAttributes(above, { d: p.stretches.map((ends) => plot.path(ends.map((x) => [x, p.line(x)]))).join("") });
    setAttributes(gap, { d: p.stretches.map((ends) => areaOf(p, ends)).join("") });
    const ends = show.difference && p.central !== null ? chordOf(p) : [];
    setAttributes(chord, { d: plot.path(ends) });
    setAttributes(chordEnds, { d: ends.map(dot).join("") });
    setAttributes(yours, { d: show.yours && p.yours !== null ? across((x) => p.y0 + p.yours * (x - p.x0)) : "" });
    move(point, plot.toPixels(p.x0, p.y0), p.x0);
    move(turn, turnAt(p), p.slope);
  };

  onDrag(point, plot.picture, (left, top) => {
    moves.dragPoint(plot.fromPixels(left, top)[0], 8 / (plot.px(1) - plot.px(0)));
  });
  const dragSlope = (left, top) => {
    const p = positionOf(model);
    if (Math.abs(left - plot.toPixels(p.x0, p.y0)[0]) < 6) return; // too close to the point to tell a slope
    const [x, y] = plot.fromPixels(left, top);
    side = Math.sign(x - p.x0);
    moves.dragSlope((y - p.y0) / (x - p.x0));
  };
  for (const part of [turn, grip]) onDrag(part, plot.picture, dragSlope);
  onKeys(point, moves.stepPoint);
  onKeys(turn, moves.stepSlope);
  return { plot, drawGiven, draw };
}

// ---- Controls and sentences below the picture ----

function controlsOf(model, moves) {
  const s = model.get("samples");
  const [min, max] = moves.range;
  const point = slider("Point x₀, where the line touches the graph", { min: 1, max: s.x.length - 2 }, moves.toIndex);
  const slope = slider("Slope of the line", { min, max, step: "any" }, moves.dragSlope);
  const typed = numberField("Slope of the line, as a number", (value) => update(model, { slope: value }));
  const toStep = (k) => update(model, { h: s.steps[k] });
  const h = slider("Step h of the central difference", { min: 0, max: s.steps.length - 1 }, toStep);
  onKeys(point.range, moves.stepPoint);
  for (const control of [slope.range, typed.field]) onKeys(control, moves.stepSlope);
  const words = (text = "") => html("span", { "aria-hidden": "true" }, text);
  const [x0Text, hText] = [words(), words()];
  const ofStep = [words("Step h"), h.range, hText];
  const node = html("div", { class: "controls" }, words("Point x₀"), point.range, x0Text,
    words("Slope"), slope.range, typed.field, ...ofStep);
  const show = (p, shown) => {
    for (const part of ofStep) part.hidden = !shown.difference; // h moves nothing else
    point.set(p.i, number(p.x0));
    slope.set(p.slope, number(p.slope));
    typed.set(p.slope);
    h.set(s.steps.indexOf(p.h), number(p.h));
    x0Text.textContent = number(p.x0);
    hText.textContent = number(p.h);
  };
  return { node, show };
}

function findingsOf(model) {
  const s = model.get("samples");
  const lines = s.lines.length ? ["given"] : [];
  const yours = s.yours_name ? ["yours"] : [];
  const names = ["graph", "interval", ...lines, "difference", ...yours];
  const tick = (layer) => (ticked) => {
    const others = model.get("show").filter((other) => other !== layer);
    update(model, { show: ticked ? [...others, layer] : others });
  };
  const row = (name) => [name, legendRow(name, LAYERS.includes(name) ? tick(name) : null)];
  const rows = Object.fromEntries(names.map(row));
  const show = (p, shown) => {
    rows.graph.say(`${s.name} at x₀ = ${number(p.x0)}`, number(p.y0));
    rows.interval.say("Subgradients at x₀", interval(p), shown.interval);
    const central = judged(p, p.central, "x₀ ± h leaves the picture");
    rows.difference.say(`Central difference, h = ${number(p.h)}`, central, shown.difference);
    rows.given?.say("Lines tied at x₀", `slopes ${p.tied.map(number).join(", ")}`);
    if (rows.given) rows.given.node.hidden = !(shown.interval && p.tied.length > 1);
    const head = p.yours === null ? "Yours" : `Your ${s.yours_name}`;
    rows.yours?.say(head, judged(p, p.yours, s.yours_problem), shown.yours);
  };
  return { node: html("ul", { class: "legend" }, ...names.map((name) => rows[name].node)), show };
}

/** Build everything for the current samples; returns how to take it down again. */
function build(model, root) {
  if (model.get("problem")) {
    root.replaceChildren(notice(model.get("problem")));
    return () => {};
  }
  const moves = movesOf(model);
  const { plot, drawGiven, draw } = drawing(model, moves);
  const [controls, findings, voice] = [controlsOf(model, moves), findingsOf(model), announcer()];
  const [icon, words] = [html("span", { class: "icon", "aria-hidden": "true" }), html("strong")];
  const sentence = html("p", { class: "verdict" }, icon, words);
  root.replaceChildren(plot.picture, sentence, controls.node, findings.node, voice.node);

  const redraw = () => {
    const p = positionOf(model);
    const shown = Object.fromEntries(LAYERS.map((layer) => [layer, model.get("show").includes(layer)]));
    const supports = p.isSubgradient(p.slope);
    root.classList.toggle("cuts", !supports);
    icon.textContent = supports ? "✓" : "✗";
    words.textContent = verdict(p);
    voice.say(`x₀ = ${number(p.x0)}, slope ${number(p.slope)}. ${verdict(p)}`);
    controls.show(p, shown);
    findings.show(p, shown);
    draw(p, shown);
  };
  const stopResizing = onResize(root, (...size) => {
    plot.layOut(...size);
    drawGiven();
    redraw();
  });
  const stopListening = onChange(model, ["x0", "slope", "h", "show"], () => plot.px && redraw());
  return () => {
    stopResizing();
    stopListening();
  };
}

function render({ model, el }) {
  const root = widgetRoot("subgradient", "Subgradient explorer");
  el.append(root);
  return rebuildOnChange(model, ["samples", "problem"], () => build(model, root));
}

export default { render };

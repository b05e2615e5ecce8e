import {
  announcer, clamp, handle, html, notice, number, onChange, onDrag, onKeys, roundStep, scale, setAttributes, slider,
  svg, ticks, update, widgetRoot,
} from "./shared.js";

// ---- What is known at one position of point and line: the sentences are those of _subgradient_words.py ----

/** Look up everything at the current point; `low` and `high` are null where no line supports the graph. */
function positionOf(model) {
  const s = model.get("samples");
  const [x0, slope, h] = ["x0", "slope", "h"].map((trait) => model.get(trait));
  const i = s.x.reduce((best, x, k) => (Math.abs(x - x0) < Math.abs(s.x[best] - x0) ? k : best), 1);
  const low = s.low[i];
  const high = s.high[i];
  const tied = [...new Set(s.lines.filter(([a, b]) => passes(a, b, s.x[i], s.y[i])).map(([a]) => a))].sort((a, b) => a - b);
  const off = (v) => (low === null ? Infinity : Math.max(low - v, v - high, 0));
  return {
    i, x0: s.x[i], y0: s.y[i], slope, h, low, high, tied, off,
    line: (x) => s.y[i] + slope * (x - s.x[i]),
    supports: off(slope) <= s.tolerance,
    isSubgradient: (v) => off(v) <= s.tolerance,
    stretches: stretchesAbove(s.x, s.y, i, slope),
    central: s.central[s.steps.indexOf(h)]?.[i] ?? null,
    yours: s.yours[i] ?? null,
  };
}

function passes(slope, intercept, x, y) {
  return Math.abs(slope * x + intercept - y) <= 1e-12 * (1 + Math.abs(slope * x) + Math.abs(intercept));
}

/** Where the line runs above the graph, as [from, to] in x. */
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
    while (k + 1 < x.length && gap[k + 1] > least) k += 1;
    stretches.push([crossing(first, first - 1), crossing(k, k + 1)]);
  }
  return stretches;
}

function verdict(p) {
  if (p.supports) return "Supports the graph: the line stays under it everywhere in the picture.";
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
  return p.isSubgradient(slope) ? `${number(slope)}, a subgradient` : `${number(slope)}, off by ${number(p.off(slope))}`;
}

// ---- Moves: every one goes through the model, so that Python follows ----

function movesOf(model) {
  const s = model.get("samples");
  const slopes = [...s.left, ...s.right].filter((v) => v !== null);
  const [flattest, steepest] = [Math.min(...slopes), Math.max(...slopes)];
  const room = Math.max(1, (steepest - flattest) / 2);
  const range = [flattest - room, steepest + room];
  const step = roundStep(range[1] - range[0], 80);
  const ends = () => [s.low, s.high].map((list) => list[positionOf(model).i]).filter((v) => v !== null);

  /** The ends of the interval attract a dragged slope: otherwise no hand would ever hit them. */
  const dragSlope = (value) => {
    const near = ends().find((end) => Math.abs(end - value) < 0.6 * step);
    update(model, { slope: near ?? Number((Math.round((value / step) * 5) * (step / 5)).toPrecision(12)) });
  };
  /** One press never jumps over an end of the interval. */
  const stepSlope = (n) => {
    const from = model.get("slope");
    const to = clamp(Number((Math.round(from / step + n) * step).toPrecision(12)), ...range);
    const between = ends().filter((end) => (end - from) * (end - to) < 0);
    update(model, { slope: between.sort((a, b) => Math.abs(a - from) - Math.abs(b - from))[0] ?? to });
  };
  const toIndex = (i) => update(model, { x0: s.x[clamp(i, 1, s.x.length - 2)] });
  const stepPoint = (n) => toIndex(positionOf(model).i + n);
  const isKink = (i) => s.right[i] - s.left[i] > 1e3 * s.tolerance;
  /** Kinks attract the point. */
  const dragPoint = (x, reach) => {
    const distance = (i) => Math.abs(s.x[i] - x) - (isKink(i) ? reach : 0);
    toIndex(s.x.reduce((best, _, i) => (distance(i) < distance(best) ? i : best), 1));
  };
  return { range, dragSlope, stepSlope, toIndex, stepPoint, dragPoint };
}

// ---- The picture ----

function drawing(model, moves) {
  const s = model.get("samples");
  const size = Math.max(...s.y) - Math.min(...s.y) || 1;
  const domain = [s.x[0], s.x.at(-1)];
  const values = [Math.min(...s.y) - 0.35 * size, Math.max(...s.y) + 0.1 * size];
  const shapes = Object.fromEntries(
    ["interval", "gap", "graph", "line", "above", "difference", "yours", "grip"].map((name) => [name, svg("path", { class: name })]),
  );
  const given = s.lines.map(() => svg("path", { class: "given" }));
  const ends = [0, 1].map(() => svg("circle", { class: "difference-end", r: 5 }));
  const drop = svg("path", { class: "drop" });
  const { interval: wedge, gap, graph, line, above, difference, yours, grip } = shapes;
  const frame = svg("svg", { class: "frame" }, wedge, ...given, gap, drop, graph, line, above, difference, ...ends, yours, grip);
  const axis = svg("g", { class: "axis", "aria-hidden": "true" });
  const point = handle("point", "Point on the graph, x₀", svg("circle", { class: "knob", r: 8 }));
  const turn = handle("turn", "Slope of the line", svg("rect", { class: "knob", x: -7, y: -7, width: 14, height: 14, transform: "rotate(45)" }));
  const picture = svg("svg", { class: "picture" }, axis, frame, turn, point);
  setAttributes(turn, { "aria-valuemin": moves.range[0], "aria-valuemax": moves.range[1] });
  setAttributes(point, { "aria-valuemin": s.x[1], "aria-valuemax": s.x.at(-2) });
  let px, py, left, top, side = 1;

  const path = (points) => `M${points.map(([x, y]) => `${px(x).toFixed(2)} ${py(y).toFixed(2)}`).join("L")}`;
  const across = (p, slope) => path(domain.map((x) => [x, p.y0 + slope * (x - p.x0)]));
  const heightAt = (x) => {
    const k = clamp(s.x.findIndex((v) => v >= x), 1, s.x.length - 1);
    const share = (x - s.x[k - 1]) / (s.x[k] - s.x[k - 1]);
    return s.y[k - 1] + share * (s.y[k] - s.y[k - 1]);
  };

  /** Lay out axes and graph for a width in pixels. */
  function layOut(width, em) {
    const rows = ticks(...values, 6);
    left = em * (1 + 0.6 * Math.max(...rows.map((y) => number(y).length)));
    top = em * 0.7;
    const inner = [width - left - em, clamp(width * 0.52, 200, 360)];
    const height = inner[1] + top + 2.2 * em;
    px = scale(domain, [0, inner[0]]);
    py = scale(values, [inner[1], 0]);
    setAttributes(picture, { width, height, viewBox: `0 0 ${width} ${height}` });
    setAttributes(frame, { x: left, y: top, width: inner[0], height: inner[1] });
    const columns = ticks(...domain, clamp(Math.round(width / (5 * em)), 3, 8));
    const words = (value, x, y, anchor) => svg("text", { x, y, "text-anchor": anchor }, number(value));
    axis.replaceChildren(
      ...columns.map((x) => svg("line", { x1: left + px(x), x2: left + px(x), y1: top, y2: top + inner[1] })),
      ...rows.map((y) => svg("line", { x1: left, x2: left + inner[0], y1: top + py(y), y2: top + py(y) })),
      svg("rect", { class: "rim", x: left, y: top, width: inner[0], height: inner[1] }),
      ...columns.map((x) => words(x, left + px(x), top + inner[1] + 1.4 * em, "middle")),
      ...rows.map((y) => words(y, left - 0.5 * em, top + py(y) + 0.32 * em, "end")),
    );
    setAttributes(graph, { d: path(s.x.map((x, k) => [x, s.y[k]])) });
    given.forEach((shape, k) => setAttributes(shape, { d: path(domain.map((x) => [x, s.lines[k][0] * x + s.lines[k][1]])) }));
  }

  /** Put the slope's handle on the line, some way from the point and inside the frame. */
  function placeTurn(p) {
    const [x, y] = [px(p.x0), py(p.y0)];
    const [width, height] = [px(domain[1]), py(values[0])];
    const direction = [1, (py(p.y0 + p.slope) - y) / (px(p.x0 + 1) - x)];
    const reach = (sign) => {
      const [dx, dy] = direction.map((d) => (sign * d) / Math.hypot(...direction));
      const rooms = [dx > 0 ? (width - 14 - x) / dx : (14 - x) / dx, dy > 0 ? (height - 14 - y) / dy : dy < 0 ? (14 - y) / dy : Infinity];
      return { at: Math.min(0.28 * width, ...rooms), dx, dy };
    };
    if (!turn.classList.contains("dragging") && reach(side).at < 60) side = reach(1).at >= reach(-1).at ? 1 : -1;
    const { at, dx, dy } = reach(side);
    const far = Math.max(at, 30);
    return [left + x + far * dx, top + y + far * dy];
  }

  function draw(p) {
    const show = new Set(model.get("show"));
    const box = 2 * (domain[1] - domain[0]);
    const corner = (slope, sign) => [p.x0 + sign * box, p.y0 + sign * slope * box];
    const sector = (sign) => `${path([[p.x0, p.y0], corner(p.low, sign), corner(p.high, sign)])}Z`;
    setAttributes(wedge, { d: show.has("interval") && p.low !== null ? sector(1) + sector(-1) : "" });
    setAttributes(line, { d: across(p, p.slope) });
    setAttributes(grip, { d: across(p, p.slope) });
    setAttributes(drop, { d: path([[p.x0, p.y0], [p.x0, values[0]]]) });
    setAttributes(above, { d: p.stretches.map((ends) => path(ends.map((x) => [x, p.line(x)]))).join("") });
    setAttributes(gap, { d: p.stretches.map(([a, b]) => `${path(between(p, a, b))}Z`).join("") });
    setAttributes(yours, { d: show.has("yours") && p.yours !== null ? across(p, p.yours) : "" });
    const chord = show.has("difference") && p.central !== null ? [p.x0 - p.h, p.x0 + p.h].map((x) => [x, heightAt(x)]) : [];
    setAttributes(difference, { d: chord.length ? path(chord) : "" });
    ends.forEach((end, k) => setAttributes(end, chord.length ? { cx: px(chord[k][0]), cy: py(chord[k][1]), visibility: null } : { visibility: "hidden" }));
    setAttributes(point, { transform: `translate(${left + px(p.x0)} ${top + py(p.y0)})`, "aria-valuenow": p.x0, "aria-valuetext": number(p.x0) });
    setAttributes(turn, { transform: `translate(${placeTurn(p)})`, "aria-valuenow": p.slope, "aria-valuetext": number(p.slope) });
  }

  /** The area between graph and line for x from a to b. */
  function between(p, a, b) {
    const inside = s.x.map((x, k) => [x, s.y[k]]).filter(([x]) => x > a && x < b);
    return [[a, p.line(a)], ...inside, [b, heightAt(b)], [b, p.line(b)]];
  }

  const turned = (x, y) => {
    const p = positionOf(model);
    const run = px.back(x - left) - p.x0;
    if (Math.abs(x - left - px(p.x0)) < 6) return;
    side = Math.sign(run);
    moves.dragSlope((py.back(y - top) - p.y0) / run);
  };
  onDrag(point, picture, (x) => moves.dragPoint(px.back(x - left), px.back(8) - px.back(0)));
  onKeys(point, moves.stepPoint);
  for (const part of [turn, grip]) onDrag(part, picture, turned);
  onKeys(turn, moves.stepSlope);
  return { picture, layOut, draw };
}

import {
  announcer, chart, clamp, handle, html, legendRow, number, onChange, onDrag, onKeys, onResize, setAttributes, svg,
  update, widgetRoot,
} from "../shared.js";
import { button, choice, controlGrid, sliderRow } from "../controls.js";

const LAYERS = ["slope", "saturated", "yours"];
const RATIO = 0.32; // height of a chart to its width
const CLOSE = 8; // pixels within which a kink attracts the point

// ---- What is known at the point: Python computed numbers and sentences for every position ----

function indexOf(model) {
  const { z } = model.get("samples");
  const at = model.get("z");
  return z.reduce((best, value, k) => (Math.abs(value - at) < Math.abs(z[best] - at) ? k : best), 0);
}

const isKink = (s, k) => s.left[k] !== s.right[k];
const sentenceAt = (said, k) => (typeof said === "string" ? said : said[k]);

function movesOf(model) {
  const samples = () => model.get("samples");
  const toIndex = (k) => update(model, { z: samples().z[clamp(k, 0, samples().z.length - 1)] });
  return {
    toIndex,
    step: (n) => toIndex(indexOf(model) + n),
    /** Kinks within `reach` attract the point: no hand would hit them otherwise. */
    drag: (z, reach) => {
      const s = samples();
      const distance = (k) => Math.abs(s.z[k] - z) - (isKink(s, k) ? reach : 0);
      toIndex(s.z.reduce((best, _, k) => (distance(k) < distance(best) ? k : best), 0));
    },
  };
}

// ---- The picture: the curve above, its slope below ----

/** A chart with its shapes by their names, from back to front. */
function plotOf(model, label, corner, names) {
  const { z } = model.get("samples");
  const plot = chart([z[0], z.at(-1)], [0, 1], label);
  const path = (name) => [name, plot.frame.appendChild(svg("path", { class: name }))];
  const shape = Object.fromEntries(["shade", "hatch", "drop", ...names].map(path));
  const title = plot.picture.appendChild(svg("text", { class: "corner" }, corner));
  const layOut = (values, [width, em, { cut }], room) => {
    plot.values = values;
    plot.layOut(width, em, { cut: cut / 2, ratio: RATIO, room });
    setAttributes(title, { x: plot.left + 8, y: plot.top + 1.3 * em });
  };
  /** Hatch the stretches where the activation is saturated: seen without colour too. */
  const shade = (stretches) => {
    const pixels = stretches.map((ends) => ends.map(plot.px));
    const boxes = pixels.map(([a, b]) => `M${a} 0H${b}V${plot.height}H${a}Z`);
    const strokes = pixels.flatMap(([a, b]) => Array.from({ length: Math.ceil((b - a) / 8) }, (_, k) => a + 8 * k));
    setAttributes(shape.shade, { d: boxes.join("") });
    setAttributes(shape.hatch, { d: strokes.map((x) => `M${x} 0V${plot.height}`).join("") });
  };
  return { plot, shape, layOut, shade };
}

/** The slopes as paths that are cut at the kinks, where a student's function chooses one: a dot. */
function slopePaths(plot, s) {
  const kinks = s.z.map((_, k) => k).filter((k) => isKink(s, k));
  const cuts = [0, ...kinks, s.z.length - 1];
  const point = (heights) => (k) => [s.z[k], heights[k]];
  const between = (first, last) => Array.from({ length: last - first - 1 }, (_, k) => first + 1 + k);
  const branch = (first, last) =>
    plot.path([point(s.right)(first), ...between(first, last).map(point(s.left)), point(s.left)(last)]);
  const yours = (first, last) => {
    const ends = [first, ...between(first, last), last].filter((k) => !isKink(s, k));
    return plot.path(ends.map(point(s.yours)));
  };
  const dot = ([z, slope]) => `M${plot.px(z) - 5} ${plot.py(slope)}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0`;
  const along = (draw) => cuts.slice(1).map((cut, k) => draw(cuts[k], cut)).join("");
  return {
    slope: along(branch),
    jump: kinks.map((k) => plot.path([point(s.left)(k), point(s.right)(k)])).join(""),
    yours: s.yours.length ? along(yours) : "",
    choice: s.yours.length ? kinks.map(point(s.yours)).map(dot).join("") : "",
  };
}

function drawing(model, moves) {
  const upper = plotOf(model, "Activation", "y = f(z)", ["given", "graph", "tangent"]);
  const slopes = ["jump", "slope", "rim-of-yours", "yours", "choice-at-kink"];
  const lower = plotOf(model, "Slope of the activation", "slope f′(z)", slopes);
  const point = handle("point", "Point on the curve, z", svg("circle", { class: "knob", r: 8 }));
  const dots = [0, 1].map(() => svg("circle", { class: "knob", r: 7 }));
  const below = svg("g", { class: "handle below", "aria-hidden": "true" }, ...dots);
  upper.plot.picture.append(point);
  lower.plot.picture.append(below);

  const layOut = (s, size) => {
    upper.layOut(s.values, size, 0);
    lower.layOut(s.slopes, size, upper.plot.left);
    if (lower.plot.left > upper.plot.left) upper.layOut(s.values, size, lower.plot.left);
  };
  const drawCurves = (s, shown) => {
    const across = ([slope, bias]) => upper.plot.path(upper.plot.domain.map((z) => [z, slope * z + bias]));
    for (const { shade } of [upper, lower]) shade(shown.saturated ? s.saturated : []);
    setAttributes(upper.shape.given, { d: s.lines.map(across).join("") });
    setAttributes(upper.shape.graph, { d: upper.plot.path(s.y.map((y, k) => [s.z[k], y])) });
    const paths = slopePaths(lower.plot, s);
    for (const name of ["slope", "jump"]) setAttributes(lower.shape[name], { d: shown.slope ? paths[name] : "" });
    const yours = { "rim-of-yours": paths.yours, yours: paths.yours, "choice-at-kink": paths.choice };
    for (const [name, d] of Object.entries(yours)) setAttributes(lower.shape[name], { d: shown.yours ? d : "" });
  };
  const drawPoint = (s, k, shown, words) => {
    const [z, y, left, right] = [s.z[k], s.y[k], s.left[k], s.right[k]];
    const ends = [[z - 1.2, y - 1.2 * left], [z, y], [z + 1.2, y + 1.2 * right]];
    setAttributes(upper.shape.tangent, { d: shown.slope ? upper.plot.path(ends) : "" });
    setAttributes(upper.shape.drop, { d: upper.plot.path([[z, y], [z, s.values[0]]]) });
    setAttributes(lower.shape.drop, { d: lower.plot.path([[z, s.slopes[1]], [z, s.slopes[0]]]) });
    setAttributes(point, {
      transform: `translate(${upper.plot.toPixels(z, y)})`,
      "aria-valuemin": s.z[0], "aria-valuemax": s.z.at(-1), "aria-valuenow": z, "aria-valuetext": words,
    });
    setAttributes(below, { visibility: shown.slope ? null : "hidden" });
    [left, right].forEach((slope, side) => {
      const [cx, cy] = lower.plot.toPixels(z, slope);
      setAttributes(dots[side], { cx, cy });
    });
  };

  for (const [node, { plot }] of [[point, upper], [below, lower]]) {
    onDrag(node, plot.picture, (left, top) => {
      moves.drag(plot.fromPixels(left, top)[0], CLOSE / (plot.px(1) - plot.px(0)));
    });
  }
  onKeys(point, moves.step);
  return { pictures: [upper.plot.picture, lower.plot.picture], layOut, drawCurves, drawPoint };
}

// ---- Controls and sentences, made anew for another activation ----

function controlsOf(model, moves) {
  const s = model.get("samples");
  const [min, max, step] = [-2, 2, 0.25];
  const point = sliderRow("Point z", { min: 0, max: s.z.length - 1 }, moves.toIndex, moves.step);
  const dy = sliderRow("Upstream dy", { min, max, step }, (value) => update(model, { dy: value }));
  const choose = (name, value) => update(model, { parameters: { ...model.get("parameters"), [name]: value } });
  const rowOf = ({ name, label, low, high, step: size }) => {
    if (size < 1) {
      const row = sliderRow(label, { min: low, max: high, step: size }, (value) => choose(name, value));
      return { nodes: row.nodes, set: (value) => row.set(value, number(value)) };
    }
    const again = button(label, () => choose(name, model.get("parameters")[name] + 1));
    return { nodes: [html("span"), html("div", {}, again), html("span")], set: () => {} };
  };
  const rows = s.parameters.map((parameter) => [parameter.name, rowOf(parameter)]);
  const node = controlGrid(...rows.flatMap(([, row]) => row.nodes), ...point.nodes, ...dy.nodes);
  const show = (now, k) => {
    const parameters = model.get("parameters");
    const here = rows.filter(([name]) => name in parameters); // those of another activation are on their way
    here.forEach(([name, row]) => row.set(parameters[name]));
    point.range.max = now.z.length - 1; // another maxout may have another number of kinks
    point.set(k, number(now.z[k]));
    dy.set(model.get("dy"), number(model.get("dy")));
  };
  return { node, show };
}

function sentencesOf(model) {
  const s = model.get("samples");
  const tick = (layer) => (ticked) => {
    const others = model.get("show").filter((other) => other !== layer);
    update(model, { show: ticked ? [...others, layer] : others });
  };
  const rows = s.rows.map(([name]) => legendRow(name, LAYERS.includes(name) ? tick(name) : null));
  const show = (now, k, shown) => {
    now.rows.forEach(([name, head, said], r) => {
      rows[r].say(head, sentenceAt(said, k), shown[name] ?? true);
      if (name === "gradient") rows[r].node.hidden = !shown.slope; // it would tell the slope
    });
  };
  return { node: html("ul", { class: "legend" }, ...rows.map(({ node }) => node)), show };
}

function render({ model, el }) {
  const root = widgetRoot("activation", "Activation explorer");
  const moves = movesOf(model);
  const picture = drawing(model, moves);
  const choices = model.get("choices");
  const menu = choice("Activation", choices, (activation) => update(model, { activation }));
  menu.node.hidden = choices.length < 2;
  const [formula, voice, icon, words] = [html("p", { class: "formula" }), announcer(), html("span"), html("strong")];
  setAttributes(icon, { class: "icon", "aria-hidden": "true" });
  const verdict = html("p", { class: "verdict" }, icon, words);
  const answers = html("div", { class: "answers" });
  root.append(html("div", { class: "row" }, menu.node, formula), ...picture.pictures, verdict, answers, voice.node);
  el.append(root);

  let [size, shownFor, controls, sentences] = [null, "", null, null];
  const layers = () => Object.fromEntries(LAYERS.map((layer) => [layer, model.get("show").includes(layer)]));
  const drawPoint = () => {
    const [s, k, shown] = [model.get("samples"), indexOf(model), layers()];
    const told = s.rows.filter(([name]) => name === "value" || (name === "slope" && shown.slope));
    const [value, slope] = told.map(([, , said]) => sentenceAt(said, k));
    const reading = slope ? `${value}, slope ${slope}` : value;
    picture.drawPoint(s, k, shown, reading);
    controls.show(s, k);
    sentences.show(s, k, shown);
    voice.say(`${s.label}: ${reading}. ${shown.yours ? s.verdict : ""}`);
  };
  const draw = () => {
    if (!size) return;
    const [s, shown] = [model.get("samples"), layers()];
    if (shownFor !== s.name) {
      [shownFor, controls, sentences] = [s.name, controlsOf(model, moves), sentencesOf(model)];
      answers.replaceChildren(controls.node, sentences.node);
    }
    menu.set(s.name);
    formula.textContent = `${s.label}: ${s.formula}`;
    verdict.hidden = !(shown.yours && s.verdict);
    verdict.classList.toggle("wrong", !s.fits);
    icon.textContent = s.fits ? "✓" : "✗";
    words.textContent = s.verdict;
    picture.layOut(s, size);
    picture.drawCurves(s, shown);
    drawPoint();
  };
  const stops = [
    onResize(root, (...now) => { size = now; draw(); }),
    onChange(model, ["samples", "show"], draw),
    onChange(model, ["z", "dy", "parameters"], () => size && drawPoint()),
  ];
  return () => stops.forEach((stop) => stop());
}

export default { render };

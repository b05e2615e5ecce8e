import {
  announcer, chart, clamp, handle, html, legendRow, number, onChange, onDrag, onKeys, onResize, setAttributes, svg,
  update, widgetRoot,
} from "../shared.js";
import { button, choice, controlGrid, sliderRow } from "../controls.js";

const LOSSES = { mse: "Squared error", cross: "Cross-entropy" };
const VIEWS = { p: "Output p", z: "Logit z", loss: "Loss" };
const PLAY = { every: 50, frames: 80 }; // milliseconds a frame, and about how many frames a run takes

const tenth = (value) => Number(value.toFixed(1));
const zip = (xs, ys) => xs.map((x, k) => [x, ys[k]]).filter(([, y]) => y !== null && y !== undefined);

/**
 * A titled chart whose ranges may change: `show(title, domain, values, paint)` makes it anew only where they do, and
 * `paint(plot, paths)` draws now and at each new width. `above` are handles that lie over all charts.
 */
function chartPlace(label, shapes, above = []) {
  const title = html("p", { class: "title" });
  const holder = html("div", { class: "holder" });
  let [plot, paths, ranges, size, paint] = [null, null, "", null, () => {}];
  const make = (domain, values) => {
    plot = chart(domain, values, label);
    paths = Object.fromEntries(shapes.map((name) => [name, plot.frame.appendChild(svg("path", { class: name }))]));
    plot.picture.append(...above);
    holder.replaceChildren(plot.picture);
    if (size) plot.layOut(...size);
  };
  const show = (words, domain, values, painter) => {
    title.textContent = words;
    paint = painter;
    const now = JSON.stringify([domain, values]);
    if (now !== ranges) make(domain, values);
    ranges = now;
    if (size) paint(plot, paths);
  };
  const stop = onResize(holder, (...given) => {
    size = given;
    plot.layOut(...size);
    paint(plot, paths);
  });
  return { node: html("div", {}, title, holder), holder, show, stop, at: () => plot };
}

const round = ([x, y]) => `M${x - 6} ${y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0`;
const square = ([x, y]) => `M${x - 6} ${y - 6}h12v12h-12Z`;
const DOTS = { mse: round, cross: square };
const SHAPES = ["mse", "cross", "yours-mse", "yours-cross", "dot-mse", "dot-cross"];

// ---- The gradients over the logit ----

function gradientChart(model) {
  const reach = model.get("reach");
  const start = handle("start", "Logit z at the start", svg("path", { class: "knob", d: "M0 -10L10 0L0 10L-10 0Z" }));
  setAttributes(start, { "aria-valuemin": -reach, "aria-valuemax": reach });
  const place = chartPlace("Gradient dz of both losses over the logit z", ["zero", "drop", ...SHAPES], [start]);
  const to = (z) => update(model, { z: tenth(clamp(z, -reach, reach)) });
  onDrag(start, place.holder, (left, top) => to(place.at().fromPixels(left, top)[0]));
  onKeys(start, (n) => to(model.get("z") + 0.1 * n));

  const paint = (plot, paths) => {
    const { z, curves, your_curves, runs } = model.get("picture");
    const step = model.get("step");
    setAttributes(paths.zero, { d: plot.path([[-reach, 0], [reach, 0]]) });
    for (const key of Object.keys(LOSSES)) {
      setAttributes(paths[key], { d: plot.path(zip(z, curves[key])) });
      setAttributes(paths[`yours-${key}`], { d: plot.path(zip(z, your_curves[key] ?? [])) });
      const at = [plot.px(runs[key].z[step]), plot.py(runs[key].gradient[step])];
      setAttributes(paths[`dot-${key}`], { d: DOTS[key](at) });
    }
    const value = model.get("z");
    setAttributes(paths.drop, { d: plot.path([[value, 0], [value, plot.values[0]]]) });
    const where = { transform: `translate(${plot.left + plot.px(value)} ${plot.top + plot.height - 13})` };
    setAttributes(start, { ...where, "aria-valuenow": value, "aria-valuetext": number(value) });
  };
  const draw = () => {
    place.show("Gradient dz over the logit z", [-reach, reach], model.get("picture").gradient_range, paint);
  };
  return { ...place, draw };
}

// ---- Both runs over the steps ----

function runChart(model) {
  const last = model.get("steps");
  const place = chartPlace("Both runs over the steps", SHAPES);
  const paint = (plot, paths) => {
    const { runs, your_runs } = model.get("picture");
    const [step, view] = [model.get("step"), model.get("view")];
    const line = (run) => (run ? plot.path(zip(Array.from({ length: step + 1 }, (_, k) => k), run[view])) : "");
    for (const key of Object.keys(LOSSES)) {
      setAttributes(paths[key], { d: line(runs[key]) });
      setAttributes(paths[`yours-${key}`], { d: line(your_runs[key]) });
      setAttributes(paths[`dot-${key}`], { d: DOTS[key]([plot.px(step), plot.py(runs[key][view][step])]) });
    }
  };
  const draw = () => {
    const view = model.get("view");
    const values = model.get("picture").view_ranges[view];
    place.show(`${VIEWS[view]} over the steps`, [0, 1.04 * last], values, paint); // the last dot is not cut off
  };
  return { ...place, draw };
}

// ---- Controls ----

/** Play and step: the browser alone, Python hears of it when the run rests. */
function player(model) {
  const last = model.get("steps");
  let timer = 0;
  const go = (step) => model.set("step", clamp(step, 0, last));
  const rest = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    model.save_changes();
  };
  const jump = (step) => {
    go(step);
    rest();
  };
  const tick = () => {
    go(model.get("step") + Math.ceil(last / PLAY.frames));
    if (model.get("step") === last) rest();
  };
  const toggle = () => {
    if (timer) return rest();
    if (model.get("step") === last) go(0);
    play.textContent = "Pause";
    timer = setInterval(tick, PLAY.every);
  };
  const play = button("Play", toggle, { class: "play" });
  const at = () => model.get("step");
  const move = (text, to) => button(text, () => jump(to()));
  const buttons = [move("First", () => 0), move("Back", () => at() - 1), play, move("Forward", () => at() + 1)];
  const slider = sliderRow("step", { min: 0, max: last, step: 1 }, jump);
  const show = () => slider.set(at(), `${at()} of ${last}`);
  const node = html("div", { class: "row", role: "group", "aria-label": "Gradient descent" }, ...buttons);
  return { node, nodes: slider.nodes, show, stop: () => clearInterval(timer) };
}

function settings(model) {
  const [reach, rates] = [model.get("reach"), model.get("rates")];
  const z = sliderRow("start at z", { min: -reach, max: reach, step: 0.1 }, (value) => update(model, { z: value }));
  const d = sliderRow("target d", { min: 0, max: 1, step: 0.1 }, (value) => update(model, { d: value }));
  const toRate = (k) => update(model, { learning_rate: rates[k] });
  const rate = sliderRow("learning rate", { min: 0, max: rates.length - 1, step: 1 }, toRate);
  const show = () => {
    z.set(model.get("z"), number(model.get("z")));
    d.set(model.get("d"), number(model.get("d")));
    rate.set(rates.indexOf(model.get("learning_rate")), number(model.get("learning_rate")));
  };
  return { nodes: [...z.nodes, ...d.nodes, ...rate.nodes], show };
}

function legendOf(model) {
  const names = [...Object.keys(LOSSES), ...Object.keys(model.get("picture").yours_said).map((key) => `yours-${key}`)];
  const rows = names.map((name) => ({ name, ...legendRow(name) }));
  const show = () => {
    const { said, yours_said } = model.get("picture");
    const step = model.get("step");
    for (const { name, say } of rows) {
      const key = name.replace("yours-", "");
      if (name === key) say(LOSSES[key], said[key][step]);
      else say(`Yours, ${LOSSES[key].toLowerCase()}`, yours_said[key][step]);
    }
  };
  return { node: html("ul", { class: "legend" }, ...rows.map((row) => row.node)), show };
}

function render({ model, el }) {
  const root = widgetRoot("sigmoid-loss", "Sigmoid and loss explorer");
  const [gradients, runs] = [gradientChart(model), runChart(model)];
  const [play, set, legend, voice] = [player(model), settings(model), legendOf(model), announcer()];
  const options = Object.entries(VIEWS).map(([view, words]) => [view, words.toLowerCase()]);
  const views = choice("Show", options, (view) => update(model, { view }));
  const verdict = html("p", { class: "verdict-words" });
  const charts = html("div", { class: "charts" }, gradients.node, runs.node);
  const controls = controlGrid(...play.nodes, ...set.nodes);
  root.append(charts, html("div", { class: "row" }, play.node, views.node), verdict, controls, legend.node, voice.node);
  el.append(root);

  const draw = () => {
    for (const part of [gradients, runs]) part.draw();
    for (const part of [play, set, legend]) part.show();
    views.set(model.get("view"));
    verdict.textContent = model.get("picture").verdicts[model.get("step")];
    voice.say(verdict.textContent);
  };
  draw();
  const stop = onChange(model, ["picture", "z", "d", "learning_rate", "step", "view"], draw);
  return () => {
    for (const part of [gradients, runs, play]) part.stop();
    stop();
  };
}

export default { render };

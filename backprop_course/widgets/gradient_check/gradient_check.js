import { button, choice } from "../controls.js";
import { heatMap } from "../matrix.js";
import {
  announcer, chart, html, legendRow, notice, number, onChange, onResize, rebuildOnChange, setAttributes, svg, update,
  widgetRoot,
} from "../shared.js";

const CURVES = ["truth", "yours"];

// ---- What is shown: a case, one of its arrays, one of its entries ----

const outputsOf = (model, k) => model.get("report").cases[k].outputs;
const shownArray = (model) => outputsOf(model, model.get("case")).find(({ name }) => name === model.get("output"));
const mark = (passed) => (passed ? "✓" : "✗");

/** An array and its worst entry; the first wrong array of a case unless it has `wanted`, as Python chooses too. */
function openArray(model, k, wanted) {
  const outputs = outputsOf(model, k);
  const wrong = outputs.filter(({ passed }) => !passed);
  const among = wrong.length ? wrong : outputs;
  const output = among.find(({ name }) => name === wanted) ?? among[0];
  return { case: k, ...(output ? openEntry(output) : { output: "", entry: [] }) };
}

function openEntry(output) {
  const [i, j] = output.worst ?? [0, 0];
  return { output: output.name, entry: output.indices[i]?.[j] ?? [] };
}

/** Row and column of the chosen entry in the drawn array. */
function placeOfEntry(output, entry) {
  const row = output.indices.findIndex((indices) => indices.some((index) => String(index) === String(entry)));
  return row < 0 ? null : [row, output.indices[row].findIndex((index) => String(index) === String(entry))];
}

// ---- The parts, from top to bottom ----

/** A sentence whose parts between backticks are code, as in a report of `check`. */
function withCode(sentence) {
  return sentence.split("`").map((part, k) => (k % 2 ? html("code", {}, part) : part));
}

function mistakesOf(model) {
  const toCase = (k) => update(model, openArray(model, k, model.get("output")));
  const item = ({ slug, message, hint, case: k }) => html("li", {},
    html("p", {}, html("strong", {}, ...withCode(message)), " ", ...(slug ? [html("code", {}, slug)] : [])),
    ...(hint ? [html("p", { class: "hint" }, ...withCode(hint))] : []),
    ...(model.get("report").cases.length > 1
      ? [button("Show its case", () => toCase(k), { "aria-label": `Show its case: ${message}` })] : []),
  );
  return html("ul", { class: "mistakes" }, ...model.get("report").mistakes.map(item));
}

function casesOf(model) {
  const cases = model.get("report").cases;
  const options = cases.map(({ why, passed }, k) => [String(k), `${mark(passed)} ${why}${passed ? "" : " (not yet)"}`]);
  const picker = choice("Case", options, (k) => update(model, openArray(model, Number(k), model.get("output"))));
  picker.node.hidden = cases.length < 2;
  return { node: picker.node, show: () => picker.set(String(model.get("case"))) };
}

/** The arrays of the case; built anew for each case, as each has its own. */
function arraysOf(model) {
  const node = html("div", { class: "arrays" });
  let [shown, picker] = [null, null];
  const show = () => {
    if (shown !== model.get("case")) {
      shown = model.get("case");
      const outputs = outputsOf(model, shown);
      const options = outputs.map(({ name, passed }) => [name, `${mark(passed)} ${name}${passed ? "" : " (not yet)"}`]);
      picker = choice("Array", options, (name) => update(model, openEntry(outputs.find((o) => o.name === name))));
      node.replaceChildren(picker.node);
      node.hidden = outputs.length < 2;
    }
    picker.set(model.get("output"));
  };
  return { node, show };
}

function entriesOf(model) {
  const title = html("p", { class: "title" });
  const reading = html("p", { class: "reading" });
  const picked = (i, j) => {
    const entry = shownArray(model).indices[i][j];
    if (String(entry) !== String(model.get("entry"))) update(model, { entry });
  };
  const map = heatMap("The array against the expected one", picked);
  const node = html("div", { class: "entries" }, title, map.node, reading);
  let shown = null;
  const show = () => {
    const output = shownArray(model);
    map.node.hidden = !output?.indices.length;
    if (!output) {
      title.textContent = model.get("report").cases[model.get("case")].otherwise;
      reading.textContent = "";
      shown = null;
      return;
    }
    const place = placeOfEntry(output, model.get("entry"));
    if (shown !== output) {
      shown = output;
      title.textContent = output.title;
      map.fill({ ...output, say: (i, j) => output.words[i][j], start: place ?? [0, 0] });
      if (output.worst) map.cell(...output.worst).classList.add("worst");
    }
    map.mark(...(place ?? [null, null]));
    reading.textContent = place ? output.words[place[0]][place[1]] : "";
  };
  return { node, show, words: () => reading.textContent };
}

// ---- The step-size curve ----

function curveOf(model) {
  const sentence = html("p", { class: "sees" });
  const rows = CURVES.map((name) => [name, legendRow(name)]);
  const legend = html("ul", { class: "legend" }, ...rows.map(([, row]) => row.node));
  const head = html("p", { class: "title" });
  const holder = html("div", { class: "plot" });
  const node = html("div", { class: "curve" }, head, holder, legend, sentence);
  let [size, plot, paths] = [null, null, null];
  const points = (curve, name) => curve.h.map((h, k) => [h, curve[name][k]])
    .filter(([, distance]) => distance !== null && distance !== undefined)
    .map(([h, distance]) => [Math.log10(h), Math.log10(distance)]);

  /** Make room for both curves: at least six powers of ten. */
  const make = (lines) => {
    const heights = Object.values(lines).flat().map(([, y]) => y);
    const [low, high] = [Math.floor(Math.min(...heights)), Math.ceil(Math.max(...heights))];
    const values = [Math.min(low, high - 6) - 0.5, high + 0.5];
    plot = chart([-15, 0], values, "Distance over the step h", (power) => `1e${number(power)}`);
    paths = Object.fromEntries(CURVES.map((name) => [name, svg("path", { class: name })]));
    plot.frame.append(paths.truth, paths.yours);
    holder.replaceChildren(plot.picture);
  };
  const show = () => {
    const curve = model.get("curve");
    const drawn = Boolean(curve.h?.length);
    for (const part of [head, holder, legend]) part.hidden = !drawn;
    sentence.textContent = curve.sentence ?? "";
    if (!drawn || !size) return;
    head.textContent = `Distance of the central difference from ${curve.name}, over its step h (log axes)`;
    const lines = Object.fromEntries(CURVES.map((name) => [name, points(curve, name)]));
    make(lines);
    plot.layOut(...size);
    for (const [name, row] of rows) {
      setAttributes(paths[name], { d: plot.path(lines[name]) });
      row.node.hidden = !lines[name].length;
      row.say(`From ${name === "truth" ? "the expected value" : curve.whose}`, curve.says[name]);
    }
  };
  const layOut = (width, em, { cut }) => {
    size = [width, em, { cut, ratio: 0.36 }]; // low enough for the sentence below to be seen with the array above
    show();
  };
  return { node, show, layOut, words: () => sentence.textContent };
}

/** Build everything for the current report; returns how to take it down again. */
function build(model, root) {
  if (model.get("problem")) {
    root.replaceChildren(notice(model.get("problem")));
    return () => {};
  }
  const { headline, passed, mistakes } = model.get("report");
  const unwritten = mistakes[0]?.slug === "not-implemented";
  const icon = html("span", { class: "icon", "aria-hidden": "true" }, unwritten ? "○" : mark(passed));
  const verdict = html("p", { class: passed ? "verdict" : "verdict wrong" }, icon, html("strong", {}, headline));
  const [cases, arrays, entries, curve, voice] =
    [casesOf(model), arraysOf(model), entriesOf(model), curveOf(model), announcer()];
  const pick = html("div", { class: "row" }, cases.node, arrays.node);
  root.replaceChildren(verdict, mistakesOf(model), pick, entries.node, curve.node, voice.node);
  const show = () => {
    for (const part of [cases, arrays, entries]) part.show();
    voice.say(`${entries.words()} ${curve.words()}`);
  };
  const showCurve = () => {
    curve.show();
    voice.say(`${entries.words()} ${curve.words()}`);
  };
  const resizing = onResize(root, curve.layOut);
  const stops = [
    resizing,
    onChange(model, ["case", "output", "entry"], show),
    onChange(model, ["curve"], showCurve),
    onChange(model, ["case", "output", "curve"], resizing.again),
  ];
  show();
  showCurve();
  return () => stops.forEach((stop) => stop());
}

function render({ model, el }) {
  const root = widgetRoot("gradient-check", "Gradient-check explorer");
  el.append(root);
  return rebuildOnChange(model, ["report", "problem"], () => build(model, root));
}

export default { render };

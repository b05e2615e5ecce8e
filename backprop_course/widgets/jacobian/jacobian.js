import { choice } from "../controls.js";
import { heatMap } from "../matrix.js";
import { clamp, html, notice, number, onChange, onResize, rebuildOnChange, update, widgetRoot } from "../shared.js";

const LAYOUT_NAMES = [["numerator", "outputs by inputs (numerator)"], ["denominator", "inputs by outputs (denominator)"]];
const BESIDE_NAMES = [["yours", "yours"], ["difference", "the difference"]];
const VERDICT_ICONS = { right: "✓", wrong: "✗", problem: "!", none: "" };

/** Output and input of the cell at row and column, and the other way round: the same swap. */
const swap = (layout, [a, b]) => (layout === "numerator" ? [a, b] : [b, a]);
const transpose = (rows) => rows[0].map((_, j) => rows.map((row) => row[j]));

/** What is known about each ∂y_i/∂x_j, in words: made once, for layouts change its place and nothing else. */
function knownOf(p) {
  const [truth, yours, difference] = ["truth", "yours", "difference"].map((key) => p.panels.find((q) => q.key === key)?.values);
  const key = (i, j) => i * p.inputs.length + j;
  const kinks = new Map(p.kinks.map(([i, j, low, high]) => [key(i, j), `any slope from ${number(low)} to ${number(high)}`]));
  const wrong = new Set(p.wrong.map(([i, j]) => key(i, j)));
  return p.outputs.map((_o, i) => p.inputs.map((_i, j) => {
    const right = `truth ${kinks.get(key(i, j)) ?? number(truth[i][j])}`;
    if (!yours) return `${right}.`;
    const theirs = `yours ${yours[i][j] === null ? "no number" : number(yours[i][j])}`;
    if (difference[i][j]) return `${right}, ${theirs}, off by ${number(difference[i][j])}.`;
    return `${right}, ${theirs}${wrong.has(key(i, j)) ? ", wrong" : ""}.`;
  }));
}

/** An entry, where it stands in a layout, and what is known about it. */
function entryWords(p, known, layout, i, j) {
  const [output, input] = [p.outputs[i], p.inputs[j]];
  const [row, column] = swap(layout, [output, input]);
  return `∂${output}/∂${input} (row ${row}, column ${column}): ${known[i][j]}`;
}

/** The heat maps side by side; `show(layout, beside)` fills them, `pick(i, j)` frames one entry in all. */
function panelsOf(p, known, picked) {
  const maps = p.panels.map((panel) => {
    const map = heatMap(panel.head, picked);
    const caption = html("p", { class: "caption" }, html("strong", {}, panel.head), html("br"), panel.note);
    return { ...panel, map, node: html("div", { class: "map", "data-panel": panel.key }, caption, map.node) };
  });
  const node = html("div", { class: "maps" }, ...maps.map((m) => m.node));
  // where cells are small, every eighth label is enough to count by
  const thinned = (labels) => (p.wide ? labels.map((label, k) => (k % 8 ? "" : label)) : labels);

  const show = (layout, start) => {
    const [rows, columns] = swap(layout, [p.outputs, p.inputs]).map(thinned);
    const words = p.outputs.map((_o, i) => p.inputs.map((_i, j) => entryWords(p, known, layout, i, j)));
    for (const { key, values, largest, map } of maps) {
      map.fill({
        values: layout === "numerator" ? values : transpose(values),
        rows, columns, largest, wide: p.wide, start: swap(layout, start),
        say: (a, b) => (layout === "numerator" ? words[a][b] : words[b][a]),
      });
      if (key !== "truth") for (const entry of p.wrong) map.cell(...swap(layout, entry)).classList.add("marked");
    }
  };
  const pick = (a, b) => {
    node.querySelectorAll(".current").forEach((cell) => cell.classList.remove("current"));
    for (const { map } of maps) map.cell(a, b).classList.add("current");
  };
  /** Choose the size of small cells, `cut` pixels less in all rows, and tell whether all maps fit into a row. */
  const layOut = (width, em, cut, layout) => {
    const [rows, columns] = swap(layout, [p.outputs, p.inputs]).map((labels) => labels.length);
    const size = (across) => Math.floor((width / across - 3.5 * em) / columns);
    const across = size(maps.length) >= 6 ? maps.length : Math.min(2, maps.length);
    node.style.setProperty("--cell", `${clamp(Math.floor(Math.min(size(across), 16) - cut / rows), 4, 16)}px`);
    node.style.setProperty("--columns", columns);
    if (p.wide) return across === maps.length;
    return maps.reduce((sum, { map }) => sum + map.grid.offsetWidth + 2 * em, 0) <= width;
  };
  return { node, show, pick, layOut };
}

/** A list of labels and sentences. */
function factsOf(name) {
  const node = html("dl", { class: `facts ${name}` });
  const row = ([label, words]) => html("div", {}, html("dt", {}, label), html("dd", {}, words));
  return { node, show: (facts) => node.replaceChildren(...facts.map(row)) };
}

function verdictOf(p) {
  const icon = html("span", { class: "icon", "aria-hidden": "true" }, VERDICT_ICONS[p.kind]);
  const node = html("p", { class: `verdict ${p.kind}` }, icon, html("strong", {}, p.verdict));
  node.hidden = p.kind === "none";
  return node;
}

/** Build everything for the current picture; returns how to take it down again. */
function build(model, root) {
  if (model.get("problem")) {
    root.replaceChildren(notice(model.get("problem")));
    return () => {};
  }
  const p = model.get("picture");
  const known = knownOf(p);
  const layout = () => model.get("jacobian_layout");
  let entry = p.wrong[0] ?? [0, 0];
  const reading = html("p", { class: "entry", "aria-hidden": "true" });
  const read = () => {
    reading.textContent = entryWords(p, known, layout(), ...entry);
    panels.pick(...swap(layout(), entry));
  };
  const panels = panelsOf(p, known, (a, b) => {
    entry = swap(layout(), [a, b]);
    read();
  });
  const layouts = choice("Layout", LAYOUT_NAMES, (value) => update(model, { jacobian_layout: value }));
  const besides = choice("Beside the truth", BESIDE_NAMES, (value) => update(model, { beside: value }));
  const [remarks, facts, cost] = [factsOf("remarks"), factsOf("layout"), factsOf("cost")];
  const title = html("p", { class: "title" }, html("strong", {}, p.title));
  const controls = html("div", { class: "row" }, layouts.node, besides.node);
  // folded: a reader may be asked about the chain rule, or the cost, before it is said here; and only beside
  // a backward pass: a page shows whole Jacobians before it comes to vector-Jacobian products
  const more = html("details", {}, html("summary", {}, "Chain rule and cost in this layout"), facts.node, cost.node);
  root.replaceChildren(title, panels.node, reading, verdictOf(p), controls, remarks.node, more);
  remarks.show(p.remarks);
  cost.show(p.cost);
  more.hidden = !p.cost.length;

  let [width, em, cut] = [0, 14, 0];
  const showBeside = () => {
    root.dataset.beside = model.get("beside");
    besides.set(model.get("beside"));
  };
  const fit = () => {
    if (!p.wide) root.classList.remove("crowded"); // all maps must be there to be measured
    const fits = panels.layOut(width, em, cut, layout());
    root.classList.toggle("crowded", !fits);
    besides.node.hidden = fits;
  };
  const draw = () => {
    panels.show(layout(), entry);
    layouts.set(layout());
    facts.show(p.facts[layout()]);
    read();
    fit();
  };
  const stopResizing = onResize(root, (newWidth, newEm, size) => {
    [width, em, cut] = [newWidth, newEm, size.cut];
    fit();
  });
  showBeside();
  draw();
  const stopListening = onChange(model, ["jacobian_layout"], draw);
  const stopSwitching = onChange(model, ["beside"], showBeside);
  return () => {
    stopResizing();
    stopListening();
    stopSwitching();
  };
}

function render({ model, el }) {
  const root = widgetRoot("jacobian", "Jacobian explorer");
  el.append(root);
  return rebuildOnChange(model, ["picture", "problem"], () => build(model, root));
}

export default { render };

import { announcer, html, number, onChange, update, widgetRoot } from "../shared.js";
import { choice, controlGrid, sliderRow, toggle } from "../controls.js";
import { heatMap } from "../matrix.js";

const PARTS = { gradient: "loss and gradient", jacobian: "Jacobian", shift: "shift" };
const indexed = (letter, i) => letter + String.fromCharCode(0x2080 + i);

// ---- What the parts are made of ----

/** The sentence of a part, and the one about the student's function. */
function sentencesOf(name) {
  const [said, yours] = [html("p"), html("p", { class: "yours-said" })];
  const say = (picture) => {
    said.textContent = picture.said[name];
    yours.textContent = picture.yours[name] ?? "";
    yours.hidden = !picture.yours[name];
  };
  return { node: html("div", { class: "said", "data-part": name }, said, yours), say };
}

/** A part with a line above it: what it shows, and its sentences. */
function part(name, content, fill) {
  const { node: said, say } = sentencesOf(name);
  const node = html("div", { class: "part" }, ...content, said);
  return { name, nodes: [node], fill, say };
}

/** A table with a bar and a number for each class, from `low` to `high`; the student's below where there is one. */
function bars(name, caption, [low, high]) {
  const [body, title] = [html("tbody"), html("caption", {}, caption)];
  const node = html("table", { class: `bars ${name}` }, title, body);
  const share = (value) => (100 * (Math.min(Math.max(value, low), high) - low)) / (high - low);
  const bar = (whose, value) => {
    const [start, end] = [share(Math.min(value ?? 0, 0)), share(Math.max(value ?? 0, 0))];
    return html("div", { class: `bar ${whose}`, style: `margin-left: ${start}%; width: ${end - start}%` });
  };
  const row = ({ values, text, yours, yours_text }, i) => {
    const track = html("td", { class: "track", style: `--zero: ${share(0)}%`, "aria-hidden": "true" });
    const numbers = html("td", { class: "numbers" }, html("div", {}, text[i]));
    track.append(bar("truth", values[i]));
    if (yours) {
      track.append(bar("yours", yours[i]));
      numbers.append(html("div", { class: "yours" }, `yours ${yours_text[i]}`));
    }
    return html("tr", {}, html("th", { scope: "row" }, `${i}`), track, numbers);
  };
  const fill = (data) => body.replaceChildren(...data.values.map((_, i) => row(data, i)));
  const markLabel = (label) => {
    title.textContent = `${caption}, label ${label}`;
    [...body.rows].forEach((each, i) => each.classList.toggle("label", i === label));
  };
  return { node, fill, markLabel };
}

// ---- The parts ----

/** A list of bars, and its sentences for another place on the page. */
function barsPart(name, table) {
  const { node: said, say } = sentencesOf(name);
  return { name, nodes: [table.node, said], fill: (picture) => table.fill(picture.bars[name]), say };
}

function jacobianPart(classes) {
  let [picture, place] = [null, [0, 0]];
  const entry = html("p", { class: "entry" });
  const pick = (i, j) => {
    place = [i, j];
    entry.textContent = picture.entries[i][j];
  };
  const [truth, yours] = ["Jacobian of the softmax", "Your Jacobian"].map((label) => heatMap(label, pick));
  const titled = (title, map) => html("div", {}, html("p", { class: "title" }, title), map.node);
  const mine = titled("Yours", yours);
  const [rows, columns] = ["p", "z"].map((letter) => classes.map((_, i) => indexed(letter, i)));
  const fill = (now) => {
    picture = now;
    const shared = { rows, columns, largest: 0.25, say: (i, j) => picture.entries[i][j] };
    truth.fill({ values: picture.jacobian, ...shared });
    mine.hidden = !picture.your_jacobian;
    if (picture.your_jacobian) yours.fill({ values: picture.your_jacobian, ...shared });
    yours.mark(...(picture.worst ?? [null]));
    pick(...place);
  };
  const both = html("div", { class: "matrices" }, titled("Jacobian ∂p/∂z, outputs by inputs", truth), mine);
  return part("jacobian", [both, entry], fill);
}

function shiftPart(model, classes) {
  const control = sliderRow("shift c", { min: -1000, max: 1000, step: 50 }, (c) => update(model, { shift: c }));
  const table = html("table", { class: "shifted" });
  const cell = (text) => html("td", /nan|inf/.test(text) ? { class: "failed" } : {}, text);
  const fill = ({ shifted }) => {
    const heads = ["class", ...Object.keys(shifted)].map((name) => html("th", { scope: "col" }, name));
    const cells = (i) => Object.values(shifted).map((column) => cell(column[i]));
    const body = classes.map((name, i) => html("tr", {}, html("th", { scope: "row" }, name), ...cells(i)));
    table.replaceChildren(html("thead", {}, html("tr", {}, ...heads)), html("tbody", {}, ...body));
  };
  const place = () => control.set(model.get("shift"), number(model.get("shift")));
  return { ...part("shift", [controlGrid(...control.nodes), html("div", { class: "scrolls" }, table)], fill), place };
}

// ---- Controls ----

/** One slider a logit; each move sends the whole row. */
function logitSliders(model, classes) {
  const reach = model.get("reach");
  const chosen = (i) => (value) => update(model, { logits: model.get("logits").map((z, k) => (k === i ? value : z)) });
  const range = { min: -reach, max: reach, step: 0.1 };
  const sliders = classes.map((_, i) => sliderRow(`logit ${indexed("z", i)}`, range, chosen(i)));
  const place = () => sliders.forEach((one, i) => one.set(model.get("logits")[i], number(model.get("logits")[i])));
  return { node: controlGrid(...sliders.flatMap(({ nodes }) => nodes)), place };
}

function togglesOf(model) {
  const tick = (name) => (yes) => {
    const others = model.get("show").filter((other) => other !== name);
    update(model, { show: yes ? [...others, name] : others });
  };
  const boxes = Object.entries(PARTS).map(([name, words]) => ({ name, ...toggle(words, tick(name)) }));
  const attributes = { class: "row", role: "group", "aria-label": "Also show" };
  const node = html("div", attributes, html("span", {}, "Also show"), ...boxes.map((box) => box.node));
  const place = () => boxes.forEach(({ name, set }) => set(model.get("show").includes(name)));
  return { node, place };
}

function render({ model, el }) {
  const root = widgetRoot("softmax", "Softmax explorer");
  const classes = Array.from({ length: model.get("classes") }, (_, i) => `${i}`);
  const reach = model.get("reach");
  const [sliders, boxes, voice] = [logitSliders(model, classes), togglesOf(model), announcer()];
  const labels = choice("Label", classes.map((name) => [name, name]), (name) => update(model, { label: Number(name) }));
  const logits = bars("logits", "Logits z", [-reach, reach]);
  const pulls = bars("gradient", "Gradient dz", [-1, 1]);
  const probabilities = barsPart("probabilities", bars("probabilities", "Probabilities p", [0, 1]));
  const gradient = barsPart("gradient", pulls);
  const [jacobian, shift] = [jacobianPart(classes), shiftPart(model, classes)];
  const parts = [probabilities, gradient, jacobian, shift];
  const lists = html("div", { class: "beside" }, logits.node, probabilities.nodes[0], gradient.nodes[0]);
  const below = html("div", { class: "part" }, lists, probabilities.nodes[1], gradient.nodes[1]);
  const choices = html("div", { class: "row" }, labels.node, boxes.node);
  const others = html("div", { class: "others" }, ...jacobian.nodes, ...shift.nodes);
  root.append(sliders.node, choices, below, others, voice.node);
  el.append(root);

  /** What needs no number from Python: it follows the hand at once. */
  const place = () => {
    for (const moved of [sliders, boxes, shift]) moved.place();
    labels.set(`${model.get("label")}`);
    const shown = (name) => !(name in PARTS) || model.get("show").includes(name);
    for (const { name, nodes } of parts) nodes.forEach((node) => { node.hidden = !shown(name); });
    labels.node.hidden = !shown("gradient");
  };
  const fill = () => {
    const picture = model.get("picture");
    logits.fill(picture.bars.logits);
    for (const each of parts) {
      each.fill(picture);
      each.say(picture);
    }
    pulls.markLabel(model.get("label"));
    voice.say(`${picture.said.probabilities} ${model.get("show").includes("gradient") ? picture.said.gradient : ""}`);
  };
  place();
  fill();
  const stops = [onChange(model, ["logits", "label", "shift", "show"], place), onChange(model, ["picture"], fill)];
  return () => stops.forEach((stop) => stop());
}

export default { render };

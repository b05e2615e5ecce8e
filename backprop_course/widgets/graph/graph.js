import {
  announcer, clamp, html, notice, number, numberField, onChange, onResize, setAttributes, slider, svg, update, widgetRoot,
} from "../shared.js";
import { button, choice } from "../controls.js";
import { stepper } from "../stepper.js";

const SMALLEST = 0.55; // of its own size: a larger picture scrolls in its frame
const READABLE = 10 / 12; // at a smaller scale its words, of 12 pixels, grow to keep 10
const MOST_LARGER = 1.2; // as far as there is room for them
const PHASES = { start: "before the passes", forward: "forward pass", backward: "backward pass" };

// ---- The picture: Python says where everything goes, a step says what of it is there already ----

/** A number on a light background; `set(text, truth)` marks it where the truth is another one. */
function numberLabel(kind, [x, y], attributes = {}) {
  const [box, text, title] = [svg("rect", { rx: 4 }), svg("text", { x, y: y + 4.3 }), svg("title")];
  const node = svg("g", { class: `number ${kind}`, ...attributes }, title, box, text);
  const set = (said, truth = null, hint = "") => {
    const shown = truth === null ? said : `✗${said}`;
    const width = 7.2 * shown.length + 8;
    setAttributes(box, { x: x - width / 2, y: y - 8, width, height: 16 });
    node.classList.toggle("wrong", truth !== null);
    text.textContent = shown;
    title.textContent = truth === null ? hint : `wrong: ${truth} is right`;
  };
  return { node, set };
}

/** An edge or a stub: its line, the arrowhead of the way there, and one for the way back. */
function arrowOf({ path, start, end }, name) {
  const back = svg("path", { class: "back", d: `M${start}l9 -4.5v9z` });
  const there = svg("path", { class: "there", d: `M${end}l-9 -4.5v9z` });
  return svg("g", { class: name }, svg("path", { class: "line", d: path }), there, back);
}

function boxOf({ name, formula, box: [x, y, width, height] }) {
  const middle = x + width / 2;
  const frame = svg("rect", { x, y, width, height, rx: formula === null ? height / 2 : 5 });
  const title = svg("text", { class: "name", x: middle, y: y + height / 2 + (formula === null ? 5 : -3) }, name);
  const texts = formula === null ? [title] : [title, svg("text", { x: middle, y: y + height / 2 + 14 }, formula)];
  return svg("g", { class: "node", "data-node": name }, frame, ...texts);
}

function graphPicture(model, edit) {
  const { view, nodes, edges } = model.get("picture");
  const [lines, boxes, numbers] = ["edges", "nodes", "numbers"].map((name) => svg("g", { class: name }));
  const picture = svg("svg", { class: "picture", viewBox: view.join(" "), role: "group", "aria-label": "Graph" },
    lines, boxes, numbers);
  const put = (made) => numbers.appendChild(made.node) && made;
  const drawnNodes = nodes.map((node) => {
    const drawn = { ...node, group: boxes.appendChild(boxOf(node)) };
    if (node.stub) {
      const [x, y] = node.stub.numbers;
      lines.append(arrowOf(node.stub, "stub"));
      drawn.value = put(numberLabel("value", [x, y - 8.5]));
    }
    const gradientAt = node.stub ? [node.stub.numbers[0], node.stub.numbers[1] + 8.5] : node.sum;
    if (gradientAt) drawn.gradient = put(numberLabel("gradient", gradientAt));
    return drawn;
  });
  const drawnEdges = edges.map(({ parent, child, numbers: [x, y], ...arrow }, i) => {
    const group = lines.appendChild(arrowOf(arrow, "edge"));
    setAttributes(group, { "data-parent": parent, "data-child": child });
    const value = put(numberLabel("value", [x, y - 17]));
    const gradient = put(numberLabel("gradient", [x, y + 17]));
    const local = put(numberLabel("local", [x, y], { role: "button", tabindex: 0 }));
    const hit = svg("rect", { class: "hit", x: x - 24, y: y - 15, width: 48, height: 30 });
    local.node.prepend(hit);
    local.node.addEventListener("click", () => edit(i));
    local.node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      edit(i);
    });
    return { group, value, local, gradient };
  });

  const appear = ({ node }, thing, step) => node.classList.toggle("hidden", step < thing.at);
  /** Show the numbers that are there at a step, and what this step is about. */
  const draw = (run, step) => {
    const { phase, node: current, edge: sending } = run.steps[step];
    for (const { name, sum, group, value, gradient } of drawnNodes) {
      const known = run.nodes[name];
      value?.set(known.value.text);
      if (value) appear(value, known.value, step);
      gradient?.set(sum ? `Σ ${known.gradient.text}` : known.gradient.text, known.gradient.truth);
      if (gradient) appear(gradient, known.gradient, step);
      group.classList.toggle("reached", step >= known.value.at);
      setAttributes(group, { "data-phase": name === current ? phase : null });
    }
    drawnEdges.forEach(({ group, value, local, gradient }, i) => {
      const known = run.edges[i];
      const { parent, child } = known;
      value.set(run.nodes[parent].value.text);
      local.set(known.local.text, null, "local derivative: click to change it");
      gradient.set(known.gradient.text, known.gradient.truth);
      appear(value, run.nodes[parent].value, step);
      appear(local, known.local, step);
      appear(gradient, known.gradient, step);
      const sends = sending?.parent === parent && sending.child === child;
      setAttributes(group, { "data-phase": sends || (phase === "forward" && child === current) ? phase : null });
      group.classList.toggle("sent", step >= known.gradient.at);
      for (const made of [group, local.node]) made.classList.toggle("overridden", known.overridden);
      setAttributes(local.node, {
        "aria-label": `Local derivative ∂${child}/∂${parent} = ${known.local.text}${known.overridden ? ", set by hand" : ""}`,
      });
    });
  };
  const clear = () => drawnEdges.concat(drawnNodes).forEach(({ value, local, gradient }) => {
    for (const made of [value, local, gradient]) made?.node.classList.add("hidden");
  });

  const frame = html("div", { class: "scroller", tabindex: 0, role: "group", "aria-label": "Graph: arrow keys take steps" },
    picture);
  const layOut = (width, em, { cut }) => {
    const across = Math.min(1, (width - 6) / view[2]); // 6 pixels for the ring of the focus
    const scale = clamp(across - cut / view[3], SMALLEST, 1);
    const larger = clamp(READABLE / scale, 1, MOST_LARGER);
    setAttributes(picture, { width: view[2] * scale, height: view[3] * scale, style: `--larger: ${larger}` });
  };
  /** Bring the current node into view where the picture is wider than its frame. */
  const follow = (name) => {
    const node = nodes.find((one) => one.name === name);
    if (!node || frame.scrollWidth <= frame.clientWidth) return;
    const middle = ((node.box[0] + node.box[2] / 2 - view[0]) / view[2]) * frame.scrollWidth;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    frame.scrollTo({ left: middle - frame.clientWidth / 2, behavior: still ? "instant" : "smooth" });
  };
  const focusLocal = (i) => drawnEdges[i].local.node.focus();
  return { frame, draw, clear, layOut, follow, focusLocal };
}

// ---- Below the picture: the rule of the step, the tables, inputs, local derivatives by hand ----

function explanation() {
  const said = html("p", { class: "said" });
  const cells = ["upstream", "local", "downstream"].map((role) => {
    const [value, name] = [html("strong"), html("span")];
    return { value, name, node: html("div", { class: role }, value, html("span", {}, role), name) };
  });
  const signs = ["×", "="].map((sign) => html("span", { class: "sign" }, sign));
  const [up, local, down] = cells.map(({ node }) => node);
  const equation = html("div", { class: "equation" }, up, signs[0], local, signs[1], down);
  const show = (step) => {
    said.textContent = step.said;
    equation.classList.toggle("idle", step.edge === null);
    cells.forEach(({ value, name }, i) => {
      value.textContent = step.edge?.numbers[i] ?? "";
      name.textContent = step.edge?.names[i] ?? "";
    });
  };
  return { node: html("div", { class: "explanation" }, said, equation), show };
}

function passTable(name) {
  const [caption, head, body] = [html("caption"), html("tr"), html("tbody")];
  const table = html("table", {}, caption, html("thead", {}, head), body);
  const label = `Table of the ${name} pass`;
  const focusable = { class: "scroller pass", tabindex: 0, role: "group", "aria-label": label };
  const node = html("div", { ...focusable, "data-pass": name }, table);
  /** Fill in the rows up to a step; the others keep their place, empty. */
  const show = (pass, step) => {
    caption.textContent = pass.caption;
    head.replaceChildren(...pass.columns.map((column) => html("th", { scope: "col" }, column)));
    body.replaceChildren(...pass.rows.map(({ cells, at, wrong }) => html("tr", {
      class: at > step ? "empty" : null,
      "aria-current": at === step && "step",
    }, ...cells.map((cell, i) => html("td", { class: wrong.includes(i) ? "wrong" : null }, cell)))));
  };
  return { node, show };
}

function tablesOf() {
  const passes = ["forward", "backward"].map((name) => [name, passTable(name)]);
  const pick = (name) => {
    which.set(name);
    passes.forEach(([other, table]) => { table.node.hidden = other !== name; });
  };
  const which = choice("Table", passes.map(([name]) => [name, `${name} pass`]), pick);
  const summary = html("summary", {}, "Both passes as a table");
  const node = html("details", { class: "passes" }, summary, which.node, ...passes.map(([, table]) => table.node));
  const show = (run, step) => {
    const { phase } = run.steps[step];
    passes.forEach(([, table], i) => table.show(run.tables[i], step));
    pick(phase === "backward" ? "backward" : "forward");
  };
  return { node, show };
}

function inputsOf(model) {
  const set = (name) => (value) => update(model, { inputs: { ...model.get("inputs"), [name]: value } });
  const rows = model.get("picture").inputs.map(({ name, ...range }) => {
    const control = slider(`Input ${name}`, range, set(name));
    const typed = numberField(`Input ${name}, as a number`, set(name));
    const node = html("div", {}, html("span", { "aria-hidden": "true" }, name), control.range, typed.field);
    return { name, node, control, typed };
  });
  const show = (inputs) => rows.forEach(({ name, control, typed }) => {
    control.set(inputs[name], number(inputs[name]));
    typed.set(inputs[name]);
  });
  return { node: html("div", { class: "inputs" }, ...rows.map(({ node }) => node)), show };
}

/** The field for a local derivative by hand; `left(i)` is called when the edge's editor is closed by Escape. */
function editorOf(model, left) {
  let open = null;
  const label = html("span", { "aria-hidden": "true" });
  const rule = html("span", { class: "rule" });
  const commit = (value) => {
    const { parent, child } = model.get("run").edges[open];
    const others = model.get("overrides").filter((one) => one.parent !== parent || one.child !== child);
    update(model, { overrides: [...others, { child, parent, value }] });
  };
  const typed = numberField("Local derivative by hand", commit);
  const node = html("div", { class: "row editor", hidden: true }, label, typed.field, rule);
  typed.field.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    node.hidden = true;
    left(open);
  });
  const show = (run) => {
    if (open === null || !run.edges) return;
    const { parent, child, factor: now, computed } = run.edges[open];
    label.textContent = `∂${child}/∂${parent} =`;
    typed.field.setAttribute("aria-label", `Local derivative ∂${child}/∂${parent}, by hand`);
    typed.set(now);
    rule.textContent = `Enter another number. The rule gives ${computed}.`;
  };
  const edit = (i) => {
    open = i;
    node.hidden = false;
    show(model.get("run"));
    typed.field.focus();
    typed.field.select();
  };
  return { node, show, edit, close: () => { node.hidden = true; } };
}

function brokenNotice(undo) {
  const words = html("span");
  const icon = html("span", { class: "icon", "aria-hidden": "true" }, "✗");
  const node = html("div", { class: "broken", role: "status" }, html("p", {}, icon, words), button("Put the rules back", undo));
  const show = (said) => {
    node.classList.toggle("none", said === "");
    words.textContent = said;
  };
  return { node, show };
}

const KEY = [
  ["value", "above", "value"], ["local", "middle", "local derivative, click to change it"],
  ["gradient", "below", "upstream × local"],
];
const SUMS = ["gradient", "Σ", "gradient, where several meet"];

function keyOf({ nodes }) {
  const key = nodes.some(({ sum }) => sum) ? [...KEY, SUMS] : KEY;
  const items = key.map(([kind, head, words]) => html("li", { class: kind }, html("strong", {}, head), ` ${words}`));
  return html("ul", { class: "key", "aria-label": "Numbers in the picture" }, ...items);
}

/** Build the explorer of a graph; returns how to take it down again. */
function explorerOf(model, root) {
  const picture = graphPicture(model, (i) => editor.edit(i));
  const taken = () => model.get("run").steps ?? [];
  const steps = stepper(model, () => Math.max(0, taken().length - 1), () => taken()[model.get("step")].said);
  const editor = editorOf(model, (i) => picture.focusLocal(i));
  const undo = () => {
    update(model, { overrides: [] });
    editor.close();
    picture.frame.focus();
  };
  const [rule, tables, inputs, broken, voice] = [explanation(), tablesOf(), inputsOf(model), brokenNotice(undo), announcer()];
  const trouble = html("div", { class: "trouble" });
  const withNumbers = [rule.node, tables.node, steps.node];
  const above = [steps.node, rule.node, trouble];
  const below = [keyOf(model.get("picture")), editor.node, broken.node, inputs.node, tables.node, voice.node];
  root.append(...above, picture.frame, ...below);
  for (const node of [steps.node, picture.frame]) node.addEventListener("keydown", steps.onKey);

  const draw = () => {
    const [run, problem] = [model.get("run"), model.get("problem")];
    trouble.replaceChildren(...(problem ? [notice(problem)] : []));
    inputs.show(model.get("inputs"));
    withNumbers.forEach((node) => { node.hidden = problem !== ""; });
    if (problem) {
      picture.clear();
      broken.show("");
      return;
    }
    editor.show(run);
    drawStep();
  };
  const drawStep = () => {
    const [run, step] = [model.get("run"), model.get("step")];
    if (!run.steps?.[step]) return;
    picture.draw(run, step);
    steps.show(PHASES[run.steps[step].phase]);
    rule.show(run.steps[step]);
    tables.show(run, step);
    broken.show(run.steps[step].broken);
    const [up, local, down] = run.steps[step].edge?.numbers ?? [];
    voice.say(run.steps[step].said + (up ? ` ${up} × ${local} = ${down}.` : ""));
  };
  const walk = () => {
    drawStep();
    picture.follow(model.get("run").steps?.[model.get("step")]?.node);
  };
  const stops = [
    onChange(model, ["run", "problem", "inputs"], draw),
    onChange(model, ["step"], walk),
    onResize(root, picture.layOut),
    steps.pause,
  ];
  draw();
  return () => stops.forEach((stop) => stop());
}

function render({ model, el }) {
  const root = widgetRoot("graph-explorer", "Graph explorer");
  el.append(root);
  if (model.get("picture").nodes) return explorerOf(model, root);
  root.append(notice(model.get("problem")));
  return () => {};
}

export default { render };

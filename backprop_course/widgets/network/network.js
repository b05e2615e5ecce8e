import { announcer, html, notice, number, onChange, onResize, setAttributes, slider, update, widgetRoot } from "../shared.js";
import { select } from "../controls.js";
import { stepper } from "../stepper.js";

const PHASES = {
  start: "before the passes", forward: "forward pass", loss: "loss", backward: "backward pass", nudge: "one weight nudged",
};

/** Python's drawing; its parts carry the steps at which they show. */
function drawingOf(model, chosen) {
  const node = html("div", { class: "drawing", tabindex: 0, role: "group", "aria-label": "Network: arrow keys take steps" });
  node.addEventListener("click", ({ target }) => {
    const edge = target.closest("[data-edge]");
    if (edge) chosen(edge.dataset.edge);
  });
  const show = () => {
    const step = model.get("step");
    for (const part of node.querySelectorAll("[data-at]")) {
      const { at, until = Infinity } = part.dataset;
      part.classList.toggle("hidden", step < Number(at) || step >= Number(until));
    }
  };
  const draw = () => {
    node.innerHTML = model.get("picture");
    show();
  };
  let across = null;
  /** As wide as there is room for, less what must be cut off its height. */
  const layOut = (width, em, { cut }) => {
    const picture = node.querySelector("svg");
    const { width: wide, height: tall } = picture.viewBox.baseVal;
    const fits = Math.min(width, 1.15 * wide);
    across = Math.max(fits - (cut * wide) / tall, 0.5 * wide);
    size();
  };
  const size = () => across && setAttributes(node.querySelector("svg"), { style: `width: ${across}px` });
  return { node, draw: () => { draw(); size(); }, show, layOut };
}

/** Which weight moves, and by how much: either takes the reader to the end, where the ripple shows. */
function nudgeOf(model) {
  const end = () => ({ step: model.get("steps").length - 1 });
  const move = (edge) => update(model, { edge: edge.split(",").map(Number), ...end() });
  const weights = model.get("choices").map(([k, i, j, words]) => [`${k},${i},${j}`, words]);
  const which = select("Nudge the weight", weights, move);
  const size = slider("Δw", { min: -1, max: 1, step: 0.01 }, (nudge) => update(model, { nudge, ...end() }));
  const reading = html("span", { class: "reading", "aria-hidden": "true" });
  const label = html("span", { "aria-hidden": "true" }, "Δw");
  const node = html("div", { class: "weight" }, ...which.nodes, label, size.range, reading);
  const show = () => {
    node.hidden = !model.get("steps").some(({ phase }) => phase === "nudge");
    which.set(model.get("edge").join(","));
    size.set(model.get("nudge"), number(model.get("nudge")));
    reading.textContent = number(model.get("nudge"));
  };
  return { node, show, move };
}

function render({ model, el }) {
  const root = widgetRoot("network-explorer", "Network explorer");
  const steps = stepper(model, () => model.get("steps").length - 1, () => said.textContent);
  const nudge = nudgeOf(model);
  const drawing = drawingOf(model, nudge.move);
  const said = html("p", { class: "said" });
  const trouble = html("div");
  const voice = announcer();
  root.append(steps.node, trouble, drawing.node, said, nudge.node, voice.node);
  for (const node of [steps.node, drawing.node]) node.addEventListener("keydown", steps.onKey);

  const walk = () => {
    const step = model.get("steps")[model.get("step")];
    if (!step) return;
    drawing.show();
    steps.show(PHASES[step.phase]);
    said.textContent = step.said;
    voice.say(step.said);
  };
  const draw = () => {
    const problem = model.get("problem");
    trouble.replaceChildren(...(problem ? [notice(problem)] : []));
    drawing.draw();
    nudge.show();
    walk();
  };
  draw();
  el.append(root);
  const stops = [
    onChange(model, ["picture", "problem", "steps", "edge", "nudge"], draw),
    onChange(model, ["step"], walk),
    onResize(root, drawing.layOut),
    steps.pause,
  ];
  return () => stops.forEach((stop) => stop());
}

export default { render };

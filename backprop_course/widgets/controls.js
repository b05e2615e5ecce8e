// Controls below a picture: rows of a label, a control and its value, buttons, and choices between a few things.
import { html, onKeys, slider } from "./shared.js";

/** A grid of rows; put it below the picture and fill it with `...sliderRow(...).nodes`. */
export function controlGrid(...nodes) {
  return html("div", { class: "controls" }, ...nodes);
}

/**
 * A slider with its label before it and its value after it. `step(n)` answers the keys with n steps (see `onKeys`);
 * without it the browser's own steps hold. `set(value, words)` moves it silently.
 */
export function sliderRow(label, attributes, chosen, step = null) {
  const control = slider(label, attributes, chosen);
  if (step) onKeys(control.range, step);
  const text = html("span", { class: "reading", "aria-hidden": "true" });
  const set = (value, words) => {
    control.set(value, words);
    text.textContent = words;
  };
  return { nodes: [html("span", { "aria-hidden": "true" }, label), control.range, text], range: control.range, set };
}

/** A button with a visible text; `pressed(event)` listens. */
export function button(text, pressed, attributes = {}) {
  const node = html("button", { type: "button", ...attributes }, text);
  node.addEventListener("click", pressed);
  return node;
}

const FEW = 4;
let choices = 0;

/**
 * A choice of one thing: among a few, radio buttons in a row; among many, a list that opens. `options` are
 * [value, text] pairs. `chosen(value)` listens, `set(value)` chooses silently.
 */
export function choice(label, options, chosen) {
  return options.length > FEW ? listed(label, options, chosen) : radios(label, options, chosen);
}

function listed(label, options, chosen) {
  const { nodes, set } = select(label, options, chosen);
  return { node: html("div", { class: "row" }, ...nodes), set };
}

function radios(label, options, chosen) {
  choices += 1;
  const name = `backprop-choice-${choices}-${Math.random().toString(36).slice(2)}`;
  const buttons = options.map(([value]) => html("input", { type: "radio", name, value }));
  buttons.forEach((radio) => radio.addEventListener("change", () => chosen(radio.value)));
  const labels = options.map(([, text], k) => html("label", {}, buttons[k], html("span", {}, text)));
  const node = html("fieldset", { class: "choice" }, html("legend", {}, label), ...labels);
  const set = (value) => buttons.forEach((radio) => { radio.checked = radio.value === value; });
  return { node, set };
}

/** A list that opens; like `choice`, but `nodes` are the label and the list. */
export function select(label, options, chosen) {
  const list = html("select", { "aria-label": label }, ...options.map(([value, text]) => html("option", { value }, text)));
  list.addEventListener("change", () => chosen(list.value));
  return { nodes: [html("span", { "aria-hidden": "true" }, label), list], set: (value) => { list.value = value; } };
}

/** A box to tick; `ticked(yes)` listens, `set(yes)` ticks silently. */
export function toggle(label, ticked) {
  const box = html("input", { type: "checkbox" });
  box.addEventListener("change", () => ticked(box.checked));
  return { node: html("label", { class: "toggle" }, box, html("span", {}, label)), set: (yes) => { box.checked = yes; } };
}

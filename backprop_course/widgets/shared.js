// What every widget of the course shares. Python puts this file above the widget's own module (see _base.py).
import { bringBack } from "./bring_back.js";

const SVG = "http://www.w3.org/2000/svg";
const AROUND_CELLS = 128; // pixels of JupyterLab's menu, tabs, toolbar and status bar, and of a cell's margin
const LOWEST = 110; // pixels: a lower picture cannot be read

/** Create an HTML element with attributes and children (elements or text). */
export function html(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  node.append(...children);
  return node;
}

/** Create an SVG element with attributes and children. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  setAttributes(node, attributes);
  node.append(...children);
  return node;
}

/** Set attributes; null and false remove one. */
export function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? "" : value);
  }
}

/**
 * The widget's root. Whatever in it has the focus keeps its keys: JupyterLab would take arrows and letters for its
 * own shortcuts (move between cells, delete one), unless the very element that has the focus bears this attribute.
 */
export function widgetRoot(name, label) {
  const root = html("div", { class: `backprop-widget ${name}`, role: "group", "aria-label": label });
  root.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"));
  bringBack(root);
  return root;
}

/** A message in place of a picture. */
export function notice(words) {
  const icon = html("span", { class: "icon", "aria-hidden": "true" }, "!");
  return html("p", { class: "notice", role: "alert" }, icon, words);
}

/** A number as reports and pictures write it, four significant digits and a true minus sign: numbers.py does the same. */
export function number(exact) {
  if (!Number.isFinite(exact)) return String(exact);
  const value = exact * (1 + 2 ** -52); // rounds halves up, in Python too
  const size = Math.abs(value);
  if (size >= 1e4 && size < 1e6) return value.toFixed(0).replace("-", "−");
  const [mantissa, exponent] = value.toExponential(3).split("e");
  const plain = value === 0 || (exponent >= -4 && exponent < 4);
  const short = (plain ? value.toPrecision(4) : mantissa).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  const written = plain ? short : `${short}e${Number(exponent)}`;
  return (value === 0 ? "0" : written).replaceAll("-", "−");
}

/** A step of 1, 2 or 5 times a power of ten that divides `size` into at most `count` parts. */
export function roundStep(size, count) {
  const rough = size / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= rough * (1 - 1e-9));
}

/** Round numbers between `low` and `high`, about `count` of them. */
export function ticks(low, high, count) {
  const step = roundStep(high - low, count);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** A straight map from numbers to pixels, with `.back` from pixels to numbers. */
export function scale([low, high], [from, to]) {
  const map = (value) => from + ((value - low) / (high - low)) * (to - from);
  map.back = (pixel) => low + ((pixel - from) / (to - from)) * (high - low);
  return map;
}

/**
 * A frame with numbered axes: x runs over `domain`, y over `values`. Put shapes into `frame` (cut off at its rim) and
 * handles into `picture`; `layOut(width, em)`, in pixels, comes before any path or pixel is asked for. `written(value)`
 * writes the numbers along the axes: of logarithms, say. A chart below another one takes a smaller `ratio` of height to
 * width, and as much `room` left of its frame as the other's `left`; `cut` pixels less make it fit on the screen.
 */
export function chart(domain, values, label, written = number) {
  const axis = svg("g", { class: "axis", "aria-hidden": "true" });
  const frame = svg("svg", { class: "frame" });
  const picture = svg("svg", { class: "picture", role: "group", "aria-label": label }, axis, frame);
  const plot = { picture, frame, domain, values };

  plot.layOut = (width, em, { cut = 0, ratio = 0.52, room = 0 } = {}) => {
    const rows = ticks(...plot.values, 6);
    const columns = ticks(...domain, clamp(Math.round(width / (5 * em)), 3, 8));
    const digits = Math.max(...rows.map((y) => written(y).length));
    const [left, top] = [Math.max(room, em * (1 + 0.6 * digits)), em * 0.7];
    const inner = { width: width - left - em, height: Math.max(clamp(width * ratio, 200, 360) - cut, LOWEST) };
    const [px, py] = [scale(domain, [0, inner.width]), scale(plot.values, [inner.height, 0])];
    Object.assign(plot, { left, top, px, py, ...inner });
    setAttributes(picture, { width, height: inner.height + top + 2.2 * em });
    setAttributes(frame, { x: left, y: top, ...inner });
    const [right, bottom] = [left + inner.width, top + inner.height];
    const words = (value, x, y, anchor) => svg("text", { x, y, "text-anchor": anchor }, written(value));
    axis.replaceChildren(
      ...columns.map(px).map((x) => svg("line", { x1: left + x, x2: left + x, y1: top, y2: bottom })),
      ...rows.map(py).map((y) => svg("line", { x1: left, x2: right, y1: top + y, y2: top + y })),
      svg("rect", { class: "rim", x: left, y: top, ...inner }),
      ...columns.map((x) => words(x, left + px(x), bottom + 1.4 * em, "middle")),
      ...rows.map((y) => words(y, left - 0.5 * em, top + py(y) + 0.32 * em, "end")),
    );
  };
  /** The path that joins points [x, y] by straight lines. */
  plot.path = (points) => {
    const pixels = points.map(([x, y]) => `${plot.px(x).toFixed(2)} ${plot.py(y).toFixed(2)}`);
    return points.length ? `M${pixels.join("L")}` : "";
  };
  /** Where (x, y) stands in `picture`, in pixels, and back. */
  plot.toPixels = (x, y) => [plot.left + plot.px(x), plot.top + plot.py(y)];
  plot.fromPixels = (x, y) => [plot.px.back(x - plot.left), plot.py.back(y - plot.top)];
  return plot;
}

/**
 * Call `layOut(width, em, { cut })` whenever `node` or the window gets another size, the first time included; returns
 * how to stop. Where the whole widget would be taller than the part of the window that shows cells, `layOut` is called
 * again, with the pixels to cut off its pictures: controls and what they move are to be seen together. Where something
 * beside the pictures has changed its height, `again`, a property of what is returned, repeats it.
 */
export function onResize(node, layOut) {
  let [width, height] = [0, 0];
  const fit = () => {
    const em = parseFloat(getComputedStyle(node).fontSize);
    height = innerHeight;
    layOut(width, em, { cut: 0 });
    const root = node.closest(".backprop-widget");
    const cut = root.offsetHeight - (height - AROUND_CELLS) / (parseFloat(getComputedStyle(root).zoom) || 1);
    if (cut > 0) layOut(width, em, { cut });
  };
  const observer = new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    if (now < 1 || now === width) return;
    width = now;
    fit();
  });
  const onWindow = () => width && innerHeight !== height && fit();
  observer.observe(node);
  addEventListener("resize", onWindow);
  const stop = () => {
    observer.disconnect();
    removeEventListener("resize", onWindow);
  };
  return Object.assign(stop, { again: () => width && fit() });
}

/** Call `move(x, y)`, in pixels of `picture`, while `node` is dragged by mouse, pen or finger. */
export function onDrag(node, picture, move) {
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    node.setPointerCapture(event.pointerId);
    node.classList.add("dragging");
  });
  node.addEventListener("pointermove", (event) => {
    if (!node.hasPointerCapture(event.pointerId)) return;
    const box = picture.getBoundingClientRect();
    const zoom = box.width / (picture.width?.baseVal.value ?? picture.offsetWidth) || 1;
    move((event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom);
  });
  node.addEventListener("lostpointercapture", () => node.classList.remove("dragging"));
}

const KEYS = {
  ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10,
  ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity, // these four move the caret in a field
};

/** Call `step(n)` for the keys of a slider: n small steps, ten with Shift or Page keys, all with Home and End. */
export function onKeys(node, step) {
  const keys = Object.keys(KEYS).slice(0, node.type === "number" ? 4 : 8);
  node.addEventListener("keydown", (event) => {
    if (!keys.includes(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    step(KEYS[event.key] * (event.shiftKey ? 10 : 1));
  });
}

/** A handle in a picture that acts as a slider: focus ring, target of 24 pixels or more, and a shape. */
export function handle(name, label, shape) {
  return svg(
    "g",
    { class: `handle ${name}`, tabindex: 0, role: "slider", "aria-label": label },
    svg("circle", { class: "target", r: 16 }),
    svg("circle", { class: "ring", r: 13 }),
    shape,
  );
}

/** A range input that reports where it is moved; `set(value, words)` moves it silently, `words` are read out. */
export function slider(label, attributes, chosen) {
  const range = html("input", { type: "range", "aria-label": label, ...attributes });
  range.addEventListener("input", () => chosen(Number(range.value)));
  const set = (value, words) => {
    range.value = value;
    range.setAttribute("aria-valuetext", words);
  };
  return { range, set };
}

/** A field for a number, entered with Enter or by leaving it; what is no number goes back to the last that was. */
export function numberField(label, entered) {
  const field = html("input", { type: "number", step: "any", "aria-label": label });
  let shown = 0;
  const set = (value) => {
    shown = field.value = Number(value.toPrecision(6));
  };
  const enter = () => {
    if (Number.isFinite(field.valueAsNumber)) entered(field.valueAsNumber);
    else field.value = shown;
  };
  field.addEventListener("change", enter);
  field.addEventListener("keydown", ({ key }) => key === "Enter" && enter());
  return { field, set };
}

/**
 * A line of the legend: the stroke of the shapes of class `name`, what it says, and, where `ticked(yes)` listens, a box
 * that shows or hides them. Goes into `<ul class="legend">`.
 */
export function legendRow(name, ticked = null) {
  const box = ticked ? html("input", { type: "checkbox" }) : html("span");
  box.addEventListener("change", () => ticked(box.checked));
  const stroke = svg("path", { class: name, d: "M2 8H46" });
  const swatch = svg("svg", { width: 48, height: 16, "aria-hidden": "true" }, stroke);
  const [label, words] = [html("span"), html("strong")];
  const content = [box, swatch, html("span", {}, label, words)];
  const node = html("li", { "data-row": name }, html(ticked ? "label" : "div", {}, ...content));
  const say = (head, sentence, shown = true) => {
    label.textContent = `${head}: `;
    words.textContent = shown ? sentence : "hidden";
    box.checked = shown;
  };
  return { node, say };
}

/** A text that screen readers read out once it has been at rest for a moment. */
export function announcer() {
  const node = html("p", { class: "visually-hidden", role: "status" });
  let timer = 0;
  const say = (words) => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (node.textContent !== words) node.textContent = words; }, 400);
  };
  return { node, say };
}

const TO_READ = 60; // milliseconds a character
const AT_LEAST = 2000;

/** How many milliseconds a step stays that says these words. */
export function readingTime(words) {
  return Math.max(AT_LEAST, TO_READ * words.length);
}

/** Call `draw()` at each change of the named traits, in the browser or from Python; returns how to stop. */
export function onChange(model, traits, draw) {
  const events = traits.map((trait) => `change:${trait}`).join(" ");
  model.on(events, draw);
  return () => model.off(events, draw);
}

/** Build now and again at each change of the named traits; `build` returns how to take down what it built. */
export function rebuildOnChange(model, traits, build) {
  let takeDown = build();
  const stop = onChange(model, traits, () => {
    takeDown();
    takeDown = build();
  });
  return () => {
    stop();
    takeDown();
  };
}

/** Set traits and send them to Python. */
export function update(model, traits) {
  for (const [trait, value] of Object.entries(traits)) model.set(trait, value);
  model.save_changes();
}

import { button, controlGrid, sliderRow } from "../controls.js";
import {
  announcer, clamp, html, legendRow, notice, number, onChange, onKeys, rebuildOnChange, roundStep, setAttributes,
  update, widgetRoot,
} from "../shared.js";
import { playButton } from "../stepper.js";

// ---- The rows: values with the arrows of their moves, and between them the functions ----

/** One row; `show(row, toPercent)` writes what it says and moves its arrows. */
function rowOf({ kind, name, path, arrows }) {
  const span = (part) => html("span", { class: part });
  const head = html("span", { class: "name" }, name);
  if (kind === "rule") {
    const [ratio, slope] = [span("ratio"), span("slope")];
    const show = (row) => {
      ratio.textContent = row.ratio;
      slope.textContent = row.slope;
    };
    const told = html("span", { class: "told moved" }, ratio, " ", slope);
    return { node: html("li", { class: path ? "rule path" : "rule" }, head, told), show };
  }
  const [before, after, said] = [span("before"), span("after moved"), span("said moved")];
  const bars = arrows.map(([style]) => html("span", { class: `arrow ${style}` }));
  const lane = html("span", { class: "lane", "aria-hidden": "true" }, ...bars);
  const values = html("span", { class: "values" }, head, " ", before, " ", after);
  const node = html("li", { class: path ? "value path" : "value" }, values, lane, said);
  const show = (row, toPercent) => {
    before.textContent = row.before;
    after.textContent = `→ ${row.after}`;
    said.textContent = row.said;
    lane.style.setProperty("--zero", `${toPercent(0)}%`);
    row.arrows.forEach(([, from, to], k) => {
      const [left, right] = [Math.min(from, to), Math.max(from, to)].map(toPercent);
      bars[k].classList.toggle("back", to < from);
      bars[k].classList.toggle("none", to === from);
      bars[k].style.left = `${left}%`;
      bars[k].style.width = `${right - left}%`;
    });
  };
  return { node, show };
}

function rowsOf(model) {
  const list = html("ol", { class: "rows", "aria-label": "The push on its way" });
  const rows = model.get("picture").rows.map(rowOf);
  list.append(...rows.map(({ node }) => node));
  const show = () => {
    const { rows: now, span: [low, high] } = model.get("picture");
    now.forEach((row, k) => rows[k].show(row, (value) => (100 * (value - low)) / (high - low)));
  };
  const reach = (step) => model.get("picture").rows.forEach((row, k) => {
    rows[k].node.classList.toggle("ahead", row.step > step);
    rows[k].node.classList.toggle("here", row.step === step);
  });
  return { node: list, show, reach };
}

function findingsOf(model) {
  const rows = model.get("picture").findings.map(({ row }) => legendRow(row));
  const show = () => model.get("picture").findings.forEach(({ label, words }, k) => {
    const arrived = model.get("reached") === model.get("last");
    rows[k].say(label, arrived ? words : "once the push has arrived");
  });
  return { node: html("ul", { class: "legend" }, ...rows.map(({ node }) => node)), show };
}

// ---- Buttons and sliders ----

/** Step and play, by buttons or arrow keys: `pause()` ends a play, `show()` follows the step that is reached. */
function playerOf(model) {
  const by = (steps) => update(model, { reached: clamp(model.get("reached") + steps, 0, model.get("last")) });
  const ended = () => model.get("reached") === model.get("last");
  const { node: play, pause } = playButton(by, ended, () => spoken(model));
  const go = (steps) => {
    pause();
    by(steps);
  };
  const [first, back, forward] = [["First", -Infinity], ["Back", -1], ["Forward", 1]].map(
    ([text, steps]) => button(text, () => go(steps)),
  );
  const reading = html("span", { class: "reading" });
  const show = () => {
    const [reached, last] = [model.get("reached"), model.get("last")];
    // A button that is at its end keeps the focus, so it is not disabled for real.
    for (const node of [first, back]) node.setAttribute("aria-disabled", reached === 0);
    forward.setAttribute("aria-disabled", reached === last);
    reading.textContent = `step ${reached} of ${last}`;
  };
  const attributes = { class: "row player", role: "group", "aria-label": "Send the push on its way" };
  const node = html("div", attributes, first, back, play, forward, reading);
  onKeys(node, go);
  return { node, show, pause };
}

function slidersOf(model) {
  const [low, high] = model.get("span");
  const short = (value) => Number(value.toPrecision(12));
  const attributes = { min: low, max: high, step: roundStep(high - low, 80) };
  const x = sliderRow("x", attributes, (value) => update(model, { x: short(value) }));
  const dx = sliderRow("Push Δx", { min: 0, step: 1 }, (k) => update(model, { dx: model.get("sizes")[k] }));
  const show = () => {
    const sizes = model.get("sizes");
    setAttributes(dx.range, { max: sizes.length - 1 });
    x.set(model.get("x"), number(model.get("x")));
    dx.set(sizes.indexOf(model.get("dx")), number(model.get("dx")));
  };
  return { node: controlGrid(...x.nodes, ...dx.nodes), show };
}

// ---- All together ----

function spoken(model) {
  const [reached, last] = [model.get("reached"), model.get("last")];
  const { rows, findings } = model.get("picture");
  const here = rows.filter(({ step }) => step === reached).map((row) => row.said ?? row.ratio);
  const arrived = reached === last ? findings.map(({ label, words }) => `${label}: ${words}`) : [];
  return [`Step ${reached} of ${last}`, ...here, ...arrived].join(". ");
}

/** Fill the parts above and below the sliders; a problem takes the place of the picture, and the sliders stay. */
function build(model, above, below) {
  const problem = model.get("problem");
  if (problem) {
    above.replaceChildren(notice(problem));
    below.replaceChildren();
    return () => {};
  }
  const [rows, findings, player, voice] = [rowsOf(model), findingsOf(model), playerOf(model), announcer()];
  above.replaceChildren(rows.node, player.node);
  below.replaceChildren(findings.node, voice.node);
  const draw = () => {
    rows.show();
    rows.reach(model.get("reached"));
    findings.show();
    player.show();
    voice.say(spoken(model));
  };
  draw();
  const stopListening = onChange(model, ["picture", "reached"], draw);
  return () => {
    player.pause();
    stopListening();
  };
}

function render({ model, el }) {
  const root = widgetRoot("chain", "Chain explorer");
  const [above, below] = [html("div", { class: "part" }), html("div", { class: "part" })];
  const sliders = slidersOf(model);
  root.append(above, sliders.node, below);
  el.append(root);
  sliders.show();
  const stopShowing = onChange(model, ["x", "dx", "sizes"], sliders.show);
  const takeDown = rebuildOnChange(model, ["problem"], () => build(model, above, below));
  return () => {
    stopShowing();
    takeDown();
  };
}

export default { render };

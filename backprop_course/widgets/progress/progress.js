import { announcer, html, onChange, widgetRoot } from "../shared.js";

const ICONS = { right: "✓", wrong: "✗", open: "○" };
const WORDS = { right: "right", wrong: "not yet", open: "still to be written" };

function count(functions) {
  const right = functions.filter(({ state }) => state === "right");
  const points = (some) => some.reduce((sum, f) => sum + f.points, 0);
  return `${right.length} of ${functions.length} functions right, ${points(right)} of ${points(functions)} points`;
}

function item({ name, points, state }) {
  const icon = html("span", { class: "icon", "aria-hidden": "true" }, ICONS[state]);
  const said = html("span", { class: "visually-hidden" }, `${WORDS[state]}, ${points} ${points === 1 ? "point" : "points"}`);
  return html("li", { class: state, title: `${WORDS[state]}, worth ${points}` }, icon, html("code", {}, name), " ", said);
}

function render({ model, el }) {
  const notebooks = [...new Set(model.get("functions").map(({ assignment }) => assignment))];
  const root = widgetRoot("progress", notebooks.length === 1 ? "Progress in this notebook" : "Progress in the course");
  const sentence = html("strong", { class: "count" });
  const voice = announcer();
  // A course is shown notebook by notebook, each closed until it is clicked: so many names are no overview.
  const lists = notebooks.map(() => html("ul", { class: "functions" }));
  const counts = notebooks.map(() => html("summary"));
  const folded = () => lists.map((list, i) => html("details", {}, counts[i], list));
  root.append(html("p", {}, sentence), ...(notebooks.length === 1 ? lists : folded()), voice.node);
  el.append(root);

  const draw = () => {
    const functions = model.get("functions");
    const said = count(functions);
    if (sentence.textContent) voice.say(said);
    sentence.textContent = said;
    notebooks.forEach((name, i) => {
      const own = functions.filter(({ assignment }) => assignment === name);
      const right = own.filter(({ state }) => state === "right").length;
      const bar = html("progress", { max: own.length, value: right, "aria-hidden": "true" });
      counts[i].replaceChildren(bar, ` ${name}: ${count(own)}`);
      lists[i].replaceChildren(...own.map(item));
    });
  };
  draw();
  return onChange(model, ["functions"], draw);
}

export default { render };

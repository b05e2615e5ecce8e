import { announcer, html, onChange, widgetRoot } from "../shared.js";

const ICONS = { right: "✓", wrong: "✗", open: "○" };
const WORDS = { right: "right", wrong: "not yet", open: "still to be written" };

function render({ model, el }) {
  const notebooks = [...new Set(model.get("functions").map(({ assignment }) => assignment))];
  const root = widgetRoot("progress", notebooks.length > 1 ? "Progress in the course" : "Progress in this notebook");
  const sentence = html("strong", { class: "count" });
  const list = html("ul", { class: "functions" });
  const voice = announcer();
  root.append(html("p", {}, sentence), list, voice.node);
  el.append(root);

  const item = ({ name, points, state }) => {
    const icon = html("span", { class: "icon", "aria-hidden": "true" }, ICONS[state]);
    const said = html("span", { class: "visually-hidden" }, `${WORDS[state]}, ${points} ${points === 1 ? "point" : "points"}`);
    return html("li", { class: state, title: `${WORDS[state]}, worth ${points}` }, icon, html("code", {}, name), " ", said);
  };
  const rightOf = (functions) => functions.filter(({ state }) => state === "right");
  const line = (notebook, functions) => {
    const [right, all] = [rightOf(functions).length, functions.length];
    const bar = html("meter", { min: 0, max: all, value: right, "aria-hidden": "true" });
    return html("li", { class: right === all ? "right" : "open" }, html("code", {}, notebook), bar, `${right} of ${all}`);
  };
  const draw = () => {
    const functions = model.get("functions");
    const right = rightOf(functions);
    const points = (some) => some.reduce((sum, f) => sum + f.points, 0);
    const said = `${right.length} of ${functions.length} functions right, ${points(right)} of ${points(functions)} points`;
    if (sentence.textContent) voice.say(said);
    sentence.textContent = said;
    const lines = notebooks.map((notebook) => line(notebook, functions.filter(({ assignment }) => assignment === notebook)));
    list.replaceChildren(...(lines.length > 1 ? lines : functions.map(item)));
    list.classList.toggle("course", lines.length > 1);
  };
  draw();
  return onChange(model, ["functions"], draw);
}

export default { render };

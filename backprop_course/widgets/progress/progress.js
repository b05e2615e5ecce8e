import { announcer, html, onChange, widgetRoot } from "../shared.js";

const ICONS = { right: "✓", wrong: "✗", open: "○" };
const WORDS = { right: "right", wrong: "not yet", open: "still to be written" };

function render({ model, el }) {
  const root = widgetRoot("progress", "Progress in this notebook");
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
  const draw = () => {
    const functions = model.get("functions");
    const right = functions.filter(({ state }) => state === "right");
    const points = (some) => some.reduce((sum, f) => sum + f.points, 0);
    const said = `${right.length} of ${functions.length} functions right, ${points(right)} of ${points(functions)} points`;
    if (sentence.textContent) voice.say(said);
    sentence.textContent = said;
    list.replaceChildren(...functions.map(item));
  };
  draw();
  return onChange(model, ["functions"], draw);
}

export default { render };

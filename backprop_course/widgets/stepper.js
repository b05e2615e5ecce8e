// Steps through what a picture tells: buttons, keys, a slider; playing takes one every PACE milliseconds.
import { clamp, html, setAttributes, slider, update } from "./shared.js";
import { button } from "./controls.js";

const PACE = 1500;
const STEP_KEYS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** `last()` is the number of the last step; `show(words)` says what the step belongs to, `onKey` answers arrow keys. */
export function stepper(model, last) {
  const to = (step) => update(model, { step: clamp(step, 0, last()) });
  let timer = 0;
  const play = button("Play", () => (timer ? pause() : start()), { class: "play" });
  const pause = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const start = () => {
    if (model.get("step") >= last()) to(0);
    else to(model.get("step") + 1);
    timer = setInterval(() => (model.get("step") < last() ? to(model.get("step") + 1) : pause()), PACE);
    play.textContent = "Pause";
  };
  const go = (step) => {
    pause();
    to(step);
  };
  const by = (n) => go(model.get("step") + n);
  const [first, back, forward, end] = [
    ["First", () => go(0)], ["Back", () => by(-1)], ["Forward", () => by(1)], ["Last", () => go(last())],
  ].map(([text, pressed]) => button(text, pressed));
  const place = slider("Step", { min: 0, max: 1, step: 1 }, go);
  const words = html("span", { class: "reading", "aria-hidden": "true" });
  const node = html("div", { class: "row steps" }, first, back, play, forward, end, place.range, words);
  const show = (phase) => {
    const step = model.get("step");
    const said = `step ${step} of ${last()}, ${phase}`;
    setAttributes(place.range, { max: last() });
    place.set(step, said);
    words.textContent = said;
    for (const one of [first, back]) setAttributes(one, { "aria-disabled": step === 0 ? "true" : null });
    for (const one of [forward, end]) setAttributes(one, { "aria-disabled": step === last() ? "true" : null });
  };
  const onKey = (event) => {
    const n = STEP_KEYS[event.key];
    const plain = !(event.ctrlKey || event.altKey || event.metaKey || event.shiftKey);
    if (n === undefined || !plain || event.target.matches("input")) return;
    event.preventDefault();
    by(n);
  };
  return { node, show, onKey, pause };
}

// Steps through what a picture tells: buttons, keys, a slider; playing leaves time to read what each step says.
import { clamp, html, readingTime, setAttributes, slider, update } from "./shared.js";
import { button } from "./controls.js";

const STEP_KEYS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** A button that plays: `go(n)` takes n steps, `ended()` tells that none is left, `words()` are those of the step. */
export function playButton(go, ended, words) {
  let timer = 0;
  const pause = () => {
    clearTimeout(timer);
    timer = 0;
    node.textContent = "Play";
  };
  const play = (n) => {
    go(n);
    if (ended()) return pause();
    timer = setTimeout(() => play(1), readingTime(words()));
    node.textContent = "Pause";
    return null;
  };
  const node = button("Play", () => (timer ? pause() : play(ended() ? -Infinity : 1)), { class: "play" });
  return { node, pause };
}

/**
 * `last()` is the number of the last step, `said()` what the step says; `show(words)` says what it belongs to, `onKey`
 * answers arrow keys.
 */
export function stepper(model, last, said) {
  const to = (step) => update(model, { step: clamp(step, 0, last()) });
  const { node: play, pause } = playButton((n) => to(model.get("step") + n), () => model.get("step") >= last(), said);
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
    const where = `step ${step} of ${last()}, ${phase}`;
    setAttributes(place.range, { max: last() });
    place.set(step, where);
    words.textContent = where;
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

// The arithmetic that every widget shares: how numbers are written, ticks, scales.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

// as text: a package.json that tells node of modules would have to stand beside the widgets
const files = ["bring_back.js", "shared.js"].map((name) => new URL(`../../backprop_course/widgets/${name}`, import.meta.url));
const source = files.map((file) => readFileSync(file, "utf8")).join("\n").replace(/^import .*$/gm, "");
const module = `data:text/javascript,${encodeURIComponent(source)}`;
const { clamp, number, readingTime, roundStep, scale, ticks } = await import(module);

// written by tests/javascript/test_javascript.py: how Python writes the same numbers
const written = JSON.parse(readFileSync(process.env.WRITTEN_BY_PYTHON, "utf8"));

test("numbers are written as Python writes them", () => {
  assert.ok(written.length > 500);
  for (const [value, words] of written) assert.equal(number(value), words, `${value}`);
});

test("what is no number keeps its name", () => {
  assert.deepEqual([NaN, Infinity].map(number), ["NaN", "Infinity"]);
});

test("a round step divides a size into at most so many parts", () => {
  for (const size of [0.003, 0.7, 1, 6.1, 12, 99, 4e5]) {
    for (const count of [3, 6, 8, 80]) {
      const step = roundStep(size, count);
      assert.ok(size / step <= count * (1 + 1e-6), `${size} / ${count}: ${step}`);
      assert.ok(size / step > count / 2.6, `${size} / ${count}: ${step} is needlessly large`);
      assert.match(step.toExponential(0), /^[125]e/);
    }
  }
});

test("ticks are round numbers within both ends", () => {
  assert.deepEqual(ticks(-1, 1, 4), [-1, -0.5, 0, 0.5, 1]);
  assert.deepEqual(ticks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
  for (const tick of ticks(-3.7, 11.2, 6)) assert.ok(tick >= -3.7 && tick <= 11.2);
});

test("a scale leads there and back", () => {
  const px = scale([-2, 2], [0, 100]);
  assert.deepEqual([-2, 0, 2].map(px), [0, 50, 100]);
  for (const x of [-3, -0.1, 1.7]) assert.ok(Math.abs(px.back(px(x)) - x) < 1e-12);
});

test("clamp stays between its ends", () => {
  assert.deepEqual([-5, 0.5, 5].map((x) => clamp(x, 0, 1)), [0, 0.5, 1]);
});

test("words stay as long as it takes to read them", () => {
  assert.deepEqual(["x = 2", "a".repeat(100)].map(readingTime), [2000, 6000]);
});

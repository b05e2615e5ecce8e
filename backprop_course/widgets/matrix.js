// A matrix of numbers as a heat map that can be walked with the arrow keys.
import { clamp, html, number, setAttributes } from "./shared.js";

/**
 * A heat map as an ARIA grid: one cell a number, in the colour of gradients where positive and of values where
 * negative, deeper the larger it is against `largest`; a cell that is null is hatched. `picked(i, j)` listens to
 * hover, focus and arrow keys.
 *
 * `fill({ values, rows, columns, largest, say, wide, start })` writes it: `rows` and `columns` are the labels along the
 * sides, and `say(i, j)` gives the words that a screen reader reads for a cell. `wide` makes small cells without text,
 * `start` is the cell that Tab reaches. `mark(i, j)` frames one cell, null frames none; `cell(i, j)` gives its element.
 */
export function heatMap(label, picked = () => {}) {
  const grid = html("table", { class: "matrix", role: "grid", "aria-label": label });
  let cells = [];
  let at = [0, 0];

  const focusable = (i, j) => {
    cells[at[0]]?.[at[1]]?.setAttribute("tabindex", -1);
    at = [i, j];
    cells[i]?.[j]?.setAttribute("tabindex", 0);
  };
  const put = (node, name, value) => { // what is the same already costs no new style
    if (node.getAttribute(name) !== value) setAttributes(node, { [name]: value });
  };
  const write = (node, value, largest, words) => {
    const size = value === null || !largest ? 0 : clamp(Math.abs(value) / largest, 0, 1);
    put(node, "aria-label", words);
    put(node, "data-sign", value === null ? "none" : String(Math.sign(value)));
    put(node, "style", size ? `--depth: ${(size * 85).toFixed(1)}%` : null);
    put(node, "class", null);
    if (node.firstChild) node.firstChild.textContent = value === null ? "·" : short(value);
  };
  const placeOf = ({ target }) => {
    const node = target.closest("td[role=gridcell]");
    return node && [node.parentNode.sectionRowIndex, node.cellIndex - 1];
  };
  grid.addEventListener("pointerover", (event) => {
    const place = placeOf(event);
    if (place) picked(...place);
  });
  grid.addEventListener("focusin", (event) => {
    const place = placeOf(event);
    focusable(...place);
    picked(...place);
  });
  const fill = ({ values, rows, columns, largest, say, wide = values[0]?.length > 8, start = null }) => {
    const same = cells.length === values.length && cells[0]?.length === values[0]?.length;
    if (!same || wide !== grid.hasAttribute("data-wide")) {
      const empty = () => html("td", { role: "gridcell", tabindex: -1 }, ...(wide ? [] : [html("span")]));
      cells = values.map((row) => row.map(empty));
      const head = html("tr", {}, html("td"), ...columns.map(() => html("th", { scope: "col" })));
      const body = cells.map((row) => html("tr", {}, html("th", { scope: "row" }), ...row));
      setAttributes(grid, { "data-wide": wide });
      grid.replaceChildren(html("thead", {}, head), html("tbody", {}, ...body));
    }
    const labels = [...columns, ...rows];
    grid.querySelectorAll("th").forEach((th, k) => { th.textContent = labels[k]; });
    cells.forEach((row, i) => row.forEach((node, j) => write(node, values[i][j], largest, say(i, j))));
    focusable(...(start ?? (same ? at : [0, 0])));
  };
  const mark = (i, j) => {
    grid.querySelectorAll(".marked").forEach((node) => node.classList.remove("marked"));
    if (i !== null) cells[i]?.[j]?.classList.add("marked");
  };
  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  grid.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const [i, j] = [clamp(at[0] + move[0], 0, cells.length - 1), clamp(at[1] + move[1], 0, cells[0].length - 1)];
    cells[i][j].focus();
  });
  const node = html("div", { class: "matrix-frame" }, grid);
  return { node, grid, fill, mark, cell: (i, j) => cells[i]?.[j] };
}

/** A number in at most six characters. */
function short(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 0.005 || size >= 1000) return number(Number(value.toPrecision(1)));
  return number(Number(value.toFixed(2)));
}

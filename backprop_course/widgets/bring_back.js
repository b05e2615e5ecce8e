// For widgets and for the page that reads digits, whose frame stands in a notebook as a widget does.

const SETTLED = 500; // milliseconds until JupyterLab has placed the cells

/**
 * After Shift-Enter the next cell stays where it is, and what grows above it leaves the screen. Scroll it back, once
 * JupyterLab has placed the cells, and with it as much as fits of the text above, which says what to look for.
 */
export function bringBack(node) {
  setTimeout(() => {
    const cell = node.closest(".jp-Cell");
    if (!cell?.nextElementSibling?.classList.contains("jp-mod-active")) return;
    const screen = (cell.closest(".jp-WindowedPanel-outer") ?? document.documentElement).getBoundingClientRect();
    const { top } = (cell.previousElementSibling ?? cell).getBoundingClientRect();
    if (top < screen.top || node.getBoundingClientRect().bottom > screen.bottom) node.scrollIntoView({ block: "end" });
  }, SETTLED);
}

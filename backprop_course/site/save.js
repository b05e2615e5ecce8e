// Stands first in each page that can save a notebook. A widget lives as long as its kernel: what is saved has the still
// picture of each, without the widget itself, as backprop_course/widgets/saved.py sees to it on a laptop.
const VIEW = "application/vnd.jupyter.widget-view+json";

function pictured(output) {
  if (!output.data?.["text/html"]) return output;
  return { ...output, data: Object.fromEntries(Object.entries(output.data).filter(([kind]) => kind !== VIEW)) };
}

let started;
Object.defineProperty(window, "jupyterapp", {
  get: () => started,
  set(app) {
    started = app;
    const { contents } = app.serviceManager;
    const save = contents.save.bind(contents);
    contents.save = (path, model) => {
      if (model.type !== "notebook") return save(path, model);
      const cells = model.content.cells.map((cell) =>
        cell.outputs ? { ...cell, outputs: cell.outputs.map(pictured) } : cell,
      );
      return save(path, { ...model, content: { ...model.content, cells } });
    };
  },
});

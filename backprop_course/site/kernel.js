// What JupyterLite's kernel loads in the place of pyodide.js, to call loadPyodide: Python, with all that the course
// imports from one archive. A notebook's page begins it as a worker of its own while JupyterLab loads (page.js);
// the kernel then gets that worker, loads this file again, and finds Python begun.
async function begin(home) {
  const archive = fetch(`${home}packages.bin`);
  self.importScripts(`${home}pyodide.js`);
  const fsInit = (FS, { sitePackages }) => unpack(archive, FS, sitePackages);
  const python = await self.loadPyodide({ indexURL: home, fsInit });
  // What the kernel imports, and then the first cell of every notebook.
  await python.runPythonAsync(`
import piplite.piplite, pyodide_kernel
import backprop_course.data, backprop_course.notebook
from backprop_course import check, ops
from backprop_course.widgets import Progress`);
  return python;
}

async function unpack(archive, FS, target) {
  const { body } = await archive;
  const tar = new Uint8Array(await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  const text = (at, length) => new TextDecoder().decode(tar.subarray(at, at + length)).split("\0")[0];
  for (let at = 0, size; tar[at]; at += 512 * (1 + Math.ceil(size / 512))) {
    const path = `${target}/${text(at + 345, 155)}/${text(at, 100)}`;
    size = parseInt(text(at + 124, 12), 8);
    FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    FS.writeFile(path, tar.subarray(at + 512, at + 512 + size), { canOwn: true }); // not copied
  }
}

if (!self.begun && location.pathname.endsWith("/kernel.js")) {
  self.begun = begin(new URL(".", location).href);
  self.onmessage = ({ data }) => {
    self.onmessage = null;
    self.importScripts(data);
  };
}
self.loadPyodide = ({ indexURL }) => (self.begun ??= begin(indexURL));

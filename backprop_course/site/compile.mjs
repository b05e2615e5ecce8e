// Compiles every module below a folder: node compile.mjs PYODIDE FOLDER
// FOLDER holds the standard library and the packages; a module's bytecode is laid beside it, as archives have it,
// and beside Matplotlib its list of fonts, which it would make anew in every browser, and say so.
import { pathToFileURL } from "node:url";

const [home, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${home}/pyodide.mjs`));
const pyodide = await loadPyodide({ indexURL: home });
pyodide.mountNodeFS("/work", folder);
pyodide.runPython(`
import compileall, py_compile, sys

for folder, end in (("library", ".zip"), ("packages", "site-packages")):
    compileall.compile_dir(
        f"/work/{folder}",
        quiet=2,  # some modules are examples of broken ones, and stay as they are
        legacy=True,
        stripdir=f"/work/{folder}",
        prependdir=next(path for path in sys.path if path.endswith(end)),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,  # unpacking changes the files' dates
    )

sys.path.append("/work/packages")
sys.dont_write_bytecode = True
import matplotlib.font_manager  # beside it, it keeps its list of fonts
`);

// Compiles every module below a folder: node compile.mjs PYODIDE FOLDER
// FOLDER holds a folder for each archive, unpacked; a module's bytecode is laid beside it, as archives have it.
import { pathToFileURL } from "node:url";

const [home, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${home}/pyodide.mjs`));
const pyodide = await loadPyodide({ indexURL: home });
pyodide.mountNodeFS("/work", folder);
pyodide.runPython(`
import compileall, py_compile, sys
from pathlib import Path

library, packages = (next(path for path in sys.path if path.endswith(end)) for end in (".zip", "site-packages"))
for archive in Path("/work").iterdir():
    compileall.compile_dir(
        archive,
        quiet=2,  # some modules are examples of broken ones, and stay as they are
        legacy=True,
        stripdir=archive,
        prependdir=packages if archive.suffix == ".whl" else library,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,  # unpacking changes the files' dates
    )
`);

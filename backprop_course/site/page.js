// Stands first in a notebook's page. A browser that was here before, and has a service worker from then, has Python
// in its cache too: it starts at once. The kernel gets that worker when it asks for its first one.
if (navigator.serviceWorker?.controller) {
  const Plain = Worker;
  const begun = new Plain("../static/pyodide/kernel.js");
  window.Worker = function (url, options) {
    if (!String(url).includes("pyodide-kernel-extension")) return new Plain(url, options);
    window.Worker = Plain;
    begun.postMessage(String(url));
    return begun;
  };
}

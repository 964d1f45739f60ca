// Renders pages of the Angular application on its server, in this process, and counts the engines and workers that began meanwhile:
// node render-angular.js SERVER.mjs PATH…
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const begun = { engines: 0, workers: 0 };
// The library makes a memory for its kernels when it computes for the first time.
WebAssembly.Memory = class extends WebAssembly.Memory {
  /** @param {WebAssembly.MemoryDescriptor} descriptor */
  constructor(descriptor) {
    super(descriptor);
    begun.engines++;
  }
};
// Node has none of this name.
Object.assign(globalThis, {
  Worker: function () {
    begun.workers++;
    throw new Error('a server has no workers');
  },
});

const [file = '', ...paths] = process.argv.slice(2);
/** @type {{reqHandler: import('node:http').RequestListener}} */
const { reqHandler } = await import(pathToFileURL(file).href);
const server = createServer(reqHandler);
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
/** @type {Record<string, string>} */
const pages = {};
for (const path of paths) pages[path] = await (await fetch(`http://127.0.0.1:${port}${path}`)).text();

// What a page has set going may begin after it has been sent.
await sleep(500);
console.log(JSON.stringify({ pages, begun }));
server.close();
server.closeAllConnections();

// Renders pages of the Angular application on its server, in this process, and tells how busy it is afterwards:
// node render-angular.js SERVER.mjs PATH…
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [file = '', ...paths] = process.argv.slice(2);
/** @type {{reqHandler: import('node:http').RequestListener}} */
const { reqHandler } = await import(pathToFileURL(file).href);
const server = createServer(reqHandler);
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
/** @type {Record<string, string>} */
const pages = {};
for (const path of paths) pages[path] = await (await fetch(`http://127.0.0.1:${port}${path}`)).text();

// A training that has begun would keep the processor busy all the time.
const before = process.cpuUsage();
await sleep(1_000);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ pages, busyMs: (user + system) / 1_000 }));
server.close();
server.closeAllConnections();

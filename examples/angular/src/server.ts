// Serves the built application: its files, the pages that were rendered while it was built, and the others as they are asked for.
import { join } from 'node:path';
import {
  AngularNodeAppEngine,
  createNodeRequestHandler,
  isMainModule,
  writeResponseToNodeResponse,
} from '@angular/ssr/node';
import express from 'express';

const files = join(import.meta.dirname, '../browser');
const server = express();
const application = new AngularNodeAppEngine();

server.use(express.static(files, { maxAge: '1y', index: false, redirect: false }));

server.use((request, response, next) => {
  application
    .handle(request)
    .then((page) => (page ? writeResponseToNodeResponse(page, response) : next()))
    .catch(next);
});

if (isMainModule(import.meta.url)) {
  const listening = server.listen(Number(process.env['PORT'] ?? 4000), () => {
    const address = listening.address();
    const port = typeof address === 'object' ? address?.port : address;
    console.log(`http://localhost:${port}`);
  });
}

/** What the CLI's own server, and the tests, call. */
export const reqHandler = createNodeRequestHandler(server);

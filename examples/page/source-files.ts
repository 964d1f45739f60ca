import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const LINK = /href="\.\.\/source\/([\w./-]+)\.txt"/g;

/**
 * Serves the files that pages link to as `../source/PATH.txt`, to be read as text: their own source, and the guides. The links work wherever the pages are, since the
 * files come with them.
 *
 * @param root the project's folder, where PATH begins
 * @param pages the HTML files
 */
export function sourceFiles(root: string, pages: readonly string[]): Plugin {
  const linked = (): string[] => {
    const links = pages.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(LINK)]);
    return [...new Set(links.map(([, path = '']) => path))];
  };
  return {
    name: 'source-files',
    configureServer(server) {
      server.middlewares.use('/source', (request, response, next) => {
        const { pathname } = new URL(request.url ?? '', 'http://localhost');
        const path = linked().find((each) => `/${each}.txt` === pathname);
        if (path === undefined) {
          next();
          return;
        }
        response.setHeader('content-type', 'text/plain; charset=utf-8');
        response.end(readFileSync(join(root, path)));
      });
    },
    generateBundle() {
      for (const path of linked())
        this.emitFile({
          type: 'asset',
          fileName: `source/${path}.txt`,
          source: readFileSync(join(root, path)),
        });
    },
  };
}

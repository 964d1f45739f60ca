/** Builds the packages of drop-in-calls as programs on TensorFlow.js and on rxtensor/tfjs, with one alias in the bundler, and serves their files. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import type { Library, Package } from './drop-in-calls';
import { blazefaceGraph, detectorGraph, mobilenetGraph, versionedParts } from './drop-in-graphs';
import type { GraphParts } from '../support/graph-files';

const CACHE = resolve('.cache/drop-in');
const MODULES = resolve('test/models/node_modules');
const require = createRequire(join(MODULES, 'none.js'));

/** Packages of TensorFlow.js, whose names are aliases of rxtensor/tfjs. */
const tensorFlow = /^@tensorflow\/tfjs(-core|-converter|-layers|-backend-\w+)?(\/dist\/.*)?$/;

/** Whose TensorFlow.js a program uses: ours, or theirs with a backend. */
export type Side = 'ours' | 'backend-cpu' | 'backend-wasm' | 'backend-webgl';

/** Builds a script of an entry in which a package and '@tensorflow/tfjs' are imported. */
async function bundled({ name }: Package, side: Side, entry: string, options: BuildOptions): Promise<string> {
  const file = join(CACHE, `${name.replaceAll('/', '-')}-${side}-${options.platform}`);
  const theirs = ['core', 'converter', 'layers', side].map(
    (part) => `export * from '@tensorflow/tfjs-${part}';`,
  );
  const chained = "import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';";
  writeFileSync(`${file}.theirs.js`, [chained, ...theirs].join('\n'));
  writeFileSync(`${file}.entry.js`, entry);
  const outfile = `${file}.${options.format === 'esm' ? 'mjs' : 'js'}`;
  await build({
    entryPoints: [`${file}.entry.js`],
    outfile,
    bundle: true,
    target: 'es2022',
    nodePaths: [MODULES],
    logLevel: 'error',
    ...options,
    plugins: [
      {
        name: 'alias',
        setup: ({ onResolve }) => {
          onResolve({ filter: tensorFlow }, ({ path }) => {
            if (side === 'ours') return { path: resolve('src/tfjs/index.ts') };
            if (path === '@tensorflow/tfjs') return { path: `${file}.theirs.js` };
            // A package may have brought an old one. The modules, not the bundle for Node: with both, there would be two classes of tensors.
            if (path.includes('/dist/')) return { path: require.resolve(path) };
            const folder = [MODULES, resolve('bench/node_modules')].find((each) =>
              existsSync(join(each, path)),
            )!;
            const { module: main } = require(join(folder, path, 'package.json')) as { module: string };
            return { path: join(folder, path, main) };
          });
        },
      },
    ],
  });
  return outfile;
}

/** The file of a module for Node that exports a package as `used`, and `tf`. */
export function builtForNode(each: Package, side: Side): Promise<string> {
  const entry = `export * as used from '${each.module}'; export * as tf from '@tensorflow/tfjs';`;
  return bundled(each, side, entry, {
    format: 'esm',
    platform: 'node',
    external: ['buffer', 'node:*'],
    // Packages of TensorFlow.js call `require` of Node's modules where there is a Node, and look beside their own file.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;",
    },
  });
}

export async function built(each: Package, side: Side): Promise<{ used: unknown; tf: Library }> {
  const file = await builtForNode(each, side);
  return (await import(pathToFileURL(file).href)) as { used: unknown; tf: Library };
}

/**
 * The script of a page that hands a package and `tf` to a function.
 *
 * @param page the file that exports the function `main`
 */
export async function builtForPage(each: Package, side: Side, page: string): Promise<string> {
  const imports = [
    `import * as used from '${each.module}';`,
    "import * as tf from '@tensorflow/tfjs';",
    `import { main } from '${resolve(page)}';`,
  ];
  const entry = [...imports, `main(${JSON.stringify(each.name)}, used, tf);`].join('\n');
  const file = await bundled(each, side, entry, {
    format: 'iife',
    platform: 'browser',
    // Asked for in branches that a page does not take.
    external: ['fs', 'path', 'util', 'crypto', 'os', 'string_decoder', 'worker_threads', 'node:*'],
    define: { 'import.meta.url': '"http://localhost/"' },
    alias: { buffer: resolve('test/models/buffer-in-page.ts') },
  });
  return readFileSync(file, 'utf8');
}

/** Serves the files of the packages. Where a package loads its model from a site, a small model of the same form stands for it. */
export async function servePackages(): Promise<{ readonly address: string; close(): void }> {
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const made: Readonly<Record<string, GraphParts>> = {
    mobilenet: versionedParts(mobilenetGraph),
    blazeface: versionedParts(blazefaceGraph),
    coco: versionedParts(detectorGraph),
  };
  const server = createServer((request, response) => {
    // Also for pages of another address.
    response.setHeader('access-control-allow-origin', '*');
    const path = decodeURIComponent(new URL(request.url!, 'http://host').pathname).trim();
    const [, first = '', ...rest] = path.split('/');
    const parts = made[first];
    if (parts) response.end(rest[0] === 'model.json' ? JSON.stringify(parts.json) : Buffer.from(parts.bytes));
    else if (first === 'node_modules' && !path.includes('..'))
      response.end(readFileSync(join(MODULES, ...rest)));
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

// Makes every example of the documentation a module that a page can import, beside one copy of the library for all of them.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { commentExamples, guideExamples, type DocExample } from '../../test/doc-example';
import { keyOf } from './example-key';
import { MADE, PUBLIC, SITE } from './places';

/** Where an example runs: in a frame that nobody sees, in one that shows something, as a worker of another example, in Node, in Node beside a server. */
export type Runs = 'anywhere' | 'page' | 'worker' | 'node' | 'server';

export interface SiteExample {
  /** The name of its module, and of the address that runs it. */
  readonly name: string;
  readonly runs: Runs;
}

const RUN = join(PUBLIC, 'run');
/** What a page does not have: files, processes, packages for servers. */
const NODE = /from '(node:|@nats-io\/|prom-client|rxtensor\/node)|\bprocess\./;

function whereItRuns({ needsPage, needsServer, workerFile, code }: DocExample): Runs {
  if (workerFile !== null) return 'worker';
  if (needsServer) return 'server';
  if (NODE.test(code)) return 'node';
  return needsPage ? 'page' : 'anywhere';
}

/** Makes the modules, and the page that runs one; writes the list of all examples. Gives the number of modules. */
export async function makeExamples(): Promise<number> {
  const all = [...guideExamples(), ...commentExamples()].map((example) => {
    const key = keyOf(example.code);
    return {
      key,
      name: example.workerFile?.replace(/\.js$/, '') ?? key,
      runs: whereItRuns(example),
      code: example.code,
    };
  });
  const list = Object.fromEntries(all.map(({ key, name, runs }) => [key, { name, runs }]));
  writeFileSync(join(MADE, 'examples.json'), JSON.stringify(list));
  const codes = new Map<string, string>();
  for (const { name, code, runs } of all) {
    if (runs === 'node' || runs === 'server') continue;
    if (code !== (codes.get(name) ?? code))
      throw new Error(
        `two examples are called '${name}.js'; wanted a name of its own for each file of a worker`,
      );
    codes.set(name, code);
  }
  await makeLibrary(await makeModules(codes));
  await makeFrame();
  return codes.size;
}

/** The file of a package, beside the folder of the examples. */
function libraryFile(specifier: string): string {
  return specifier.replace('@', '').replaceAll('/', '.');
}

/** Writes a module for each code, which imports the library from where it will be. Gives the packages that they import. */
async function makeModules(codes: ReadonlyMap<string, string>): Promise<string[]> {
  const packages = new Set<string>();
  const examples: Plugin = {
    name: 'examples',
    setup(bundling) {
      bundling.onResolve({ filter: /./ }, ({ path, kind }) => {
        if (kind === 'entry-point') return { path, namespace: 'example' };
        packages.add(path);
        return { path: `../library/${libraryFile(path)}.js`, external: true };
      });
      bundling.onLoad({ filter: /./, namespace: 'example' }, ({ path }) => ({
        contents: codes.get(path)!,
        loader: 'ts',
      }));
    },
  };
  await build({
    entryPoints: [...codes.keys()],
    outdir: join(RUN, 'examples'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    plugins: [examples],
    logLevel: 'error',
  });
  return [...packages];
}

/** Bundles packages, the built library among them, so that all examples load the same files. */
async function makeLibrary(packages: readonly string[]): Promise<void> {
  await build({
    entryPoints: packages.map((each) => ({ in: each, out: libraryFile(each) })),
    outdir: join(RUN, 'library'),
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['node:*'],
    // The library as it is published, not its source, which tsconfig.json names.
    tsconfigRaw: {},
    logLevel: 'error',
  });
}

async function makeFrame(): Promise<void> {
  await build({
    entryPoints: [join(SITE, 'frame/frame.ts')],
    outdir: RUN,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  });
  mkdirSync(RUN, { recursive: true });
  for (const file of ['index.html', 'frame.css']) copyFileSync(join(SITE, 'frame', file), join(RUN, file));
}

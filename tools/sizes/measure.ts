/** Measures what a program weighs: it is bundled from dist/ as a bundler does it, minified, and compressed with gzip. */
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as bundle, type Plugin } from 'esbuild';
import type { Program } from './programs';

/** Bytes, compressed. */
export interface Size {
  /** JavaScript that a page loads at the start. */
  readonly script: number;
  /** WebAssembly that is inlined in it: one chunk, or none. */
  readonly webAssembly: number;
  /** JavaScript that comes by `import()`, if it is needed. */
  readonly later: number;
}

/** RxJS and optional peers are not counted: a program has them already, or they have sizes of their own. */
const external = ['rxjs', 'hyparquet', '@nats-io/*', 'node:*'];
const wasmChunk = resolve('dist/chunks/wasm.js');

/** Leaves the chunk of WebAssembly out of a bundle. */
const withoutWebAssembly: Plugin = {
  name: 'without WebAssembly',
  setup(build) {
    build.onResolve({ filter: /\/wasm\.js$/ }, () => ({ path: wasmChunk, external: true }));
  },
};

const options = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
  logLevel: 'error',
  // The paths of our own tsconfig.json lead to src/.
  tsconfigRaw: '{}',
} as const;

const compressed = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length;

export async function sizeOf({ code }: Program): Promise<Size> {
  const { outputFiles, metafile } = await bundle({
    ...options,
    // The package finds itself by its name.
    stdin: { contents: code, resolveDir: resolve('.') },
    splitting: true,
    outdir: '.cache/sizes',
    metafile: true,
    external,
    plugins: [withoutWebAssembly],
  });
  const { outputs } = metafile;
  const atTheStart = new Set<string>();
  // What comes by `import()` is an entry, too.
  const pending = Object.keys(outputs).filter((path) => outputs[path]!.entryPoint === '<stdin>');
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (atTheStart.has(path)) continue;
    atTheStart.add(path);
    for (const { path: imported, kind } of outputs[path]!.imports)
      if (kind === 'import-statement' && imported in outputs) pending.push(imported);
  }
  const bytesOf = (paths: readonly string[]): number =>
    paths.reduce((sum, path) => {
      const { contents } = outputFiles.find((file) => file.path === resolve(path))!;
      return sum + compressed(contents);
    }, 0);
  const usesWebAssembly = [...atTheStart].some((path) =>
    outputs[path]!.imports.some(({ path: imported }) => imported.endsWith('/wasm.js')),
  );
  return {
    script: bytesOf([...atTheStart]),
    webAssembly: usesWebAssembly ? await webAssemblyBytes() : 0,
    later: bytesOf(Object.keys(outputs).filter((path) => !atTheStart.has(path))),
  };
}

let measured: Promise<number> | undefined;
function webAssemblyBytes(): Promise<number> {
  return (measured ??= bundle({ ...options, entryPoints: [wasmChunk] }).then(({ outputFiles }) =>
    compressed(outputFiles[0]!.contents),
  ));
}

// Bundles a spec suite for where it will run: `tsx scripts/bundle-specs.ts node|browser [differential|pipelines|four-ways]`.
//
// The suite `specs` is that of src/ and test/support. The others are the comparison with TensorFlow.js in test/differential, the random pipelines in test/pipelines, or the
// comparison of all ways of computing in test/four-ways. Every spec of it runs in Node and in the browser, on every backend. A file named *.node.spec.ts runs in
// Node only and *.browser.spec.ts in the browser only; nothing else decides, so no spec is left out silently. A *.worker.ts is
// what specs of workers run in a thread of its own.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions } from 'esbuild';

export type SpecPlatform = 'node' | 'browser';
export type SpecSuite = keyof typeof folders;

const folders = {
  specs: ['src', 'test/support'],
  differential: ['test/differential'],
  pipelines: ['test/pipelines'],
  'four-ways': ['test/four-ways'],
};

/** The gradients of TensorFlow.js are ES modules that Node takes for CommonJS: they have to be bundled. */
const withTensorFlow: BuildOptions = {
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
};

/** What a bundle for Node does with packages. */
const nodeModules: Record<SpecSuite, BuildOptions> = {
  specs: { packages: 'external' },
  pipelines: { packages: 'external' },
  differential: withTensorFlow,
  // Draws the ops' arguments from the rows of the comparison with TensorFlow.js.
  'four-ways': withTensorFlow,
};

const elsewhere: Record<SpecPlatform, RegExp> = {
  node: /\.browser\.spec\.ts$/,
  browser: /\.node\.spec\.ts$/,
};

async function filesOf(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.map((file) => `${folder}/${file.replaceAll('\\', '/')}`).sort();
}

/** Writes `.cache/<suite>/<platform>.js` with its source map; gives the number of spec files in it. */
export async function bundleSpecs(platform: SpecPlatform, suite: SpecSuite = 'specs'): Promise<number> {
  const files = (await Promise.all(folders[suite].map(filesOf))).flat();
  const specs = files.filter((file) => file.endsWith('.spec.ts') && !elsewhere[platform].test(file));
  // The set-up comes first: it chooses the backend and installs the guard that every spec runs under.
  const setup = 'test/support/setup.ts';
  const modules = [...(existsSync(setup) ? [setup] : []), ...specs];
  const common: BuildOptions = {
    bundle: true,
    // `sideEffects` of package.json is about what is published; a spec is nothing but side effects.
    ignoreAnnotations: true,
    sourcemap: true,
    target: 'es2022',
    platform,
    logLevel: 'warning',
    ...(platform === 'browser' ? { format: 'iife' } : { format: 'esm', ...nodeModules[suite] }),
  };
  // The other side of the specs of workers, each a file of its own for `new Worker`.
  const workers = files.filter((file) => file.endsWith('.worker.ts'));
  await build({
    ...common,
    entryPoints: workers,
    outdir: `.cache/${suite}/${platform}-workers`,
    entryNames: '[name]',
  });
  await build({
    ...common,
    stdin: {
      contents: modules.map((file) => `import './${file}';`).join('\n'),
      resolveDir: process.cwd(),
      sourcefile: 'specs.ts',
      loader: 'ts',
    },
    outfile: `.cache/${suite}/${platform}.js`,
  });
  return specs.length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [platform, suite = 'specs'] = process.argv.slice(2);
  if ((platform !== 'node' && platform !== 'browser') || !(suite in folders)) {
    throw new Error(`usage: bundle-specs.ts node|browser [${Object.keys(folders).join('|')}]`);
  }
  await bundleSpecs(platform, suite as SpecSuite);
}

// Bundles a spec suite for Node or the browser: `tsx scripts/bundle-specs.ts node|browser|webgpu [differential|pipelines|four-ways]`. 'webgpu' is the
// browser with a module, which can wait for the device before it describes specs.
//
// The default suite has the specs of src/ and test/support. The others are the comparison with TensorFlow.js (test/differential), random
// pipelines (test/pipelines), and the comparison of all backends and kernel levels (test/four-ways). Every spec runs in Node and in the
// browser, on every backend, except that *.node.spec.ts runs only in Node and *.browser.spec.ts only in the browser. A *.worker.ts is
// the script of a worker that specs start.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions } from 'esbuild';

export type SpecPlatform = 'node' | 'browser' | 'webgpu';
export type SpecSuite = keyof typeof folders;

const folders = {
  specs: ['src', 'test/support'],
  differential: ['test/differential'],
  pipelines: ['test/pipelines'],
  'four-ways': ['test/four-ways'],
};

/** Bundles TensorFlow.js too: its gradients are ES modules that Node would load as CommonJS. */
const withTensorFlow: BuildOptions = {
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
};

/** How bundles for Node treat packages. */
const nodeModules: Record<SpecSuite, BuildOptions> = {
  specs: { packages: 'external' },
  pipelines: { packages: 'external' },
  differential: withTensorFlow,
  // Uses the rows of the comparison with TensorFlow.js to draw arguments.
  'four-ways': withTensorFlow,
};

const elsewhere: Record<SpecPlatform, RegExp> = {
  node: /\.browser\.spec\.ts$/,
  browser: /\.node\.spec\.ts$/,
  webgpu: /\.node\.spec\.ts$/,
};

async function filesOf(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.map((file) => `${folder}/${file.replaceAll('\\', '/')}`).sort();
}

/** Writes `.cache/<suite>/<platform>.js` with its source map. Returns the number of spec files in it. */
export async function bundleSpecs(platform: SpecPlatform, suite: SpecSuite = 'specs'): Promise<number> {
  const files = (await Promise.all(folders[suite].map(filesOf))).flat();
  const specs = files.filter((file) => file.endsWith('.spec.ts') && !elsewhere[platform].test(file));
  // setup.ts comes first: it chooses the backend and installs the leak guard for every spec.
  const setup = 'test/support/setup.ts';
  const first = platform === 'webgpu' ? ['test/support/setup-webgpu.ts', setup] : [setup];
  const modules = [
    ...(existsSync(setup) ? first : []),
    ...specs,
    ...(platform === 'webgpu' ? ['test/support/start-karma.ts'] : []),
  ];
  const common: BuildOptions = {
    bundle: true,
    // `sideEffects` in package.json is for the published files. Specs have only side effects.
    ignoreAnnotations: true,
    sourcemap: true,
    target: 'es2022',
    platform: platform === 'node' ? 'node' : 'browser',
    logLevel: 'warning',
    ...(platform === 'node'
      ? { format: 'esm', ...nodeModules[suite] }
      : { format: platform === 'webgpu' ? 'esm' : 'iife' }),
  };
  // Worker scripts of specs, each bundled to a separate file for `new Worker`.
  const workers = files.filter((file) => file.endsWith('.worker.ts'));
  await build({
    ...common,
    ...(platform === 'webgpu' && { format: 'iife' }),
    entryPoints: workers,
    outdir: `.cache/${suite}/${platform === 'node' ? 'node' : 'browser'}-workers`,
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
  if (platform === undefined || !(platform in elsewhere) || !(suite in folders)) {
    throw new Error(`usage: bundle-specs.ts node|browser|webgpu [${Object.keys(folders).join('|')}]`);
  }
  await bundleSpecs(platform as SpecPlatform, suite as SpecSuite);
}

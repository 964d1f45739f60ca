// A page has the backends of the entries that it imports, whatever bundles it: registering a backend is what importing does, and a bundler must not drop it.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import { buildLibrary } from './built-library';

const folder = resolve('.cache/small-pages');
const installed = join(folder, 'node_modules/rxtensor');

/** By the lines of a program: the backends that it knows. It says so when it is run. */
const programs: readonly (readonly [imports: string, backends: readonly string[]])[] = [
  [`import { backendReport, scalar } from 'rxtensor';`, ['cpu', 'webgl']],
  [`import { backendReport, scalar } from 'rxtensor/tensor';`, ['cpu', 'webgl']],
  [`import { backendReport, scalar } from 'rxtensor/cpu';`, ['cpu']],
  [`import { backendReport, scalar } from 'rxtensor/cpu'; import 'rxtensor/tensor';`, ['cpu', 'webgl']],
  [
    `import { mapTensor } from 'rxtensor/streams'; import { backendReport, scalar } from 'rxtensor/cpu'; globalThis.kept = mapTensor;`,
    ['cpu', 'webgl'],
  ],
];
const rest = `
scalar(1).add(2).dispose();
const report = backendReport();
console.log(JSON.stringify([report.backend, ...Object.keys(report.unsupported)]));
`;

/** Bundlers, each with what it makes of a file. */
const bundlers: Readonly<Record<string, (input: string, output: string) => Promise<unknown>>> = {
  esbuild: (input, output) =>
    esbuild({
      entryPoints: [input],
      outfile: output,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      // The paths of our own tsconfig.json lead to src/.
      tsconfigRaw: '{}',
    }),
  rollup: async (input, output) => {
    const bundle = await rollup({ input, plugins: [nodeResolve()], external: [/^node:/] });
    await bundle.write({ file: output, format: 'esm', inlineDynamicImports: true });
    await bundle.close();
  },
  vite: (input, output) =>
    vite({
      logLevel: 'error',
      configFile: false,
      build: {
        lib: { entry: input, formats: ['es'], fileName: () => basename(output) },
        outDir: folder,
        emptyOutDir: false,
        rollupOptions: { external: [/^node:/] },
      },
    }),
};

describe('A bundled program', () => {
  beforeAll(() => {
    buildLibrary();
    rmSync(installed, { recursive: true, force: true });
    mkdirSync(installed, { recursive: true });
    copyFileSync('package.json', join(installed, 'package.json'));
    // A link to the project would lead into itself.
    symlinkSync(resolve('dist'), join(installed, 'dist'), 'junction');
  }, 120_000);

  for (const [name, bundle] of Object.entries(bundlers)) {
    it(`has the backends of the entries that it imports, by ${name}`, async () => {
      for (const [i, [imports, backends]] of programs.entries()) {
        const [input, output] = [join(folder, `${name}-${i}.js`), join(folder, `${name}-${i}.mjs`)];
        writeFileSync(input, imports + rest);
        await bundle(input, output);
        const { stdout, stderr } = spawnSync(process.execPath, [output], { encoding: 'utf8' });
        expect(stderr).withContext(imports).toBe('');
        expect(JSON.parse(stdout)).withContext(imports).toEqual(backends);
      }
    }, 120_000);
  }
});

import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';

/** Where TensorFlow.js's compiled modules lie. */
export const WASM_FOLDER = new URL('node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url);

const platforms = {
  node: { platform: 'node', format: 'cjs', mainFields: ['module', 'main'] },
  browser: {
    platform: 'browser',
    format: 'iife',
    // Node's modules, asked for in branches that a page does not take.
    external: ['fs', 'path', 'util', 'crypto', 'os', 'worker_threads', 'perf_hooks', 'node:*'],
  },
} satisfies Record<string, BuildOptions>;

/**
 * One script of an entry file, the library's sources and the peers. Node cannot load TensorFlow.js's gradients without
 * a bundler, and both places should run the same code.
 *
 * @param earlier the file that `rxtensor-earlier` means: the library's sources in another checkout
 */
export function bundle(
  entry: string,
  platform: keyof typeof platforms,
  earlier = fileURLToPath(new URL('../src/index.ts', import.meta.url)),
): Promise<string> {
  const key = `${entry} ${platform} ${earlier}`;
  const made = bundles.get(key) ?? makeBundle(entry, platform, earlier);
  bundles.set(key, made);
  return made;
}

/** A suite may run in many processes. */
const bundles = new Map<string, Promise<string>>();

async function makeBundle(entry: string, platform: keyof typeof platforms, earlier: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
    bundle: true,
    alias: {
      'rxtensor-earlier': earlier,
      // There is one, also for packages of test/models.
      '@tensorflow/tfjs-core': fileURLToPath(new URL('node_modules/@tensorflow/tfjs-core', import.meta.url)),
    },
    nodePaths: [fileURLToPath(new URL('../test/models/node_modules', import.meta.url))],
    write: false,
    target: 'es2022',
    define: { 'import.meta.url': '"http://localhost/"' },
    logLevel: 'error',
    ...platforms[platform],
  });
  return result.outputFiles[0]!.text;
}

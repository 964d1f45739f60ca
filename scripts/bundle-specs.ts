// Bundles the one spec suite for where it will run: `tsx scripts/bundle-specs.ts node|browser`.
//
// Every src/**/*.spec.ts runs in Node and in the browser, on every backend. A file named *.node.spec.ts runs in Node
// only and *.browser.spec.ts in the browser only; nothing else decides, so no spec is left out silently.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export type SpecPlatform = 'node' | 'browser';

const elsewhere: Record<SpecPlatform, RegExp> = {
  node: /\.browser\.spec\.ts$/,
  browser: /\.node\.spec\.ts$/,
};

/** Writes `.cache/specs/<platform>.js` with its source map; gives the number of spec files in it. */
export async function bundleSpecs(platform: SpecPlatform): Promise<number> {
  const files = (await readdir('src', { recursive: true })).map((file) => file.replaceAll('\\', '/')).sort();
  const specs = files.filter((file) => file.endsWith('.spec.ts') && !elsewhere[platform].test(file));
  // The set-up comes first: it chooses the backend and installs the guard that every spec runs under.
  const modules = [...(existsSync('src/testing/setup.ts') ? ['testing/setup.ts'] : []), ...specs];
  await build({
    stdin: {
      contents: modules.map((file) => `import './src/${file}';`).join('\n'),
      resolveDir: process.cwd(),
      sourcefile: 'specs.ts',
      loader: 'ts',
    },
    outfile: `.cache/specs/${platform}.js`,
    bundle: true,
    sourcemap: true,
    target: 'es2022',
    platform,
    logLevel: 'warning',
    ...(platform === 'node' ? { format: 'esm', packages: 'external' } : { format: 'iife' }),
  });
  return specs.length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const platform = process.argv[2];
  if (platform !== 'node' && platform !== 'browser') throw new Error('usage: bundle-specs.ts node|browser');
  await bundleSpecs(platform);
}

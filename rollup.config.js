// What is published, made from src/:
//   dist/<entry>.js + dist/chunks/    ES modules for bundlers and Node: entries share their chunks, so a program that
//                                     imports several entries still has one engine
//   dist/<entry>.d.ts                 the types of each entry
//   dist/rxtensor.min.js              one self-contained classic script for a <script> tag: global `rxtensor`
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { dts } from 'rollup-plugin-dts';
import esbuild, { minify } from 'rollup-plugin-esbuild';
import { entries } from './scripts/entries.js';
import { squeezeShaders } from './scripts/squeeze-shaders.js';

const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** What stands above a chunk: whose it is, and the licences of the packages that are bundled into it, as they demand. */
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
const external = [/^rxjs(\/|$)/, /^node:/];
const transform = esbuild({ target: 'es2022', tsconfig: './tsconfig.src.json' });

/**
 * A chunk is a room with all it needs below it that no other entry has: tensors come with their kernels (and so with
 * the kernels' registration, which no bundler can then drop); the WebAssembly binary is apart, to be seen in the sizes.
 */
function room(id) {
  if (/\/src\/kernels\/.*\.wasm\.ts$/.test(id)) return 'wasm';
  const name = /\/src\/(kernels|tensor|models|streams)\//.exec(id)?.[1];
  return name === 'kernels' ? 'tensor' : name;
}

/** Rollup's warnings are mistakes here: a cycle, a missing export or an unresolved import must not be published. */
function onwarn({ code, message }) {
  if (code === 'EMPTY_BUNDLE') return; // a room of types alone
  throw new Error(`rollup: ${message}`);
}

// What an earlier build left must not be published with this one.
rmSync(new URL('./dist', import.meta.url), { recursive: true, force: true });

export default [
  {
    input,
    external,
    onwarn,
    plugins: [nodeResolve({ extensions: ['.ts', '.js'] }), transform, squeezeShaders],
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
    input: 'src/index.ts',
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
    input,
    external,
    onwarn,
    plugins: [dts({ tsconfig: './tsconfig.src.json' })],
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

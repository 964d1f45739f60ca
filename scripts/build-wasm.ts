// Compiles the AssemblyScript kernels: `tsx scripts/build-wasm.ts [--force]`.
//
// Each entry of src/kernels/cpu/simd/assembly becomes a git-ignored TypeScript module beside that folder, which holds
// the packed bytes and the types of the exports. Modules whose sources have not changed are skipped.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import compiler from 'assemblyscript/package.json' with { type: 'json' };
import { GEOMETRY } from '../src/kernels/cpu/simd/geometry-address';

const FOLDER = 'src/kernels/cpu/simd';
const SOURCES = join(FOLDER, 'assembly');

const OPTIONS = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  // Kernels work on the backend's memory, allocate nothing and cannot abort.
  '--importMemory',
  '--use',
  'abort=',
  '--enable',
  'simd',
  // Only the rows take and return a v128, and nobody calls them.
  '--disableWarning',
  '112',
  '--bindings',
  'raw',
  // What the compiler puts into memory would lie before the geometry block; `compile` refuses modules that have such bytes.
  '--lowMemoryLimit',
  String(GEOMETRY),
];

const RELAXED = ['--enable', 'relaxed-simd'];
/** Where the rows of elementwise functions are used: no module of the backend needs them. */
const ROWS_FOLDER = 'src/kernels/programs/cpu';
/** Where Fourier transforms and changes of the sampling rate are used: an entry of its own brings them. */
const SOUND_FOLDER = 'src/sound/kernels';

const MODULES = [
  // It unpacks the others.
  { name: 'inflate', folder: FOLDER, type: 'InflateExports', options: [], more: () => '', isPlain: true },
  { name: 'simd', folder: FOLDER, type: 'SimdExports', options: [], more: geometryWords },
  { name: 'relaxed', folder: FOLDER, type: 'RelaxedExports', options: RELAXED, more: () => '' },
  { name: 'rows', folder: ROWS_FOLDER, type: null, options: [], more: () => '' },
  { name: 'fourier', folder: SOUND_FOLDER, type: 'FourierExports', options: [], more: () => '' },
  { name: 'resample', folder: SOUND_FOLDER, type: 'ResampleExports', options: [], more: () => '' },
  { name: 'relaxed-rows', folder: ROWS_FOLDER, type: null, options: RELAXED, more: () => '' },
];

/** A hash of everything on which the output depends. */
function fingerprint(): string {
  const hash = createHash('sha256').update(compiler.version).update(OPTIONS.join(' '));
  for (const file of ['scripts/build-wasm.ts', join(FOLDER, 'packed-module.ts')])
    hash.update(readFileSync(file));
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(SOURCES, file)));
  return hash.digest('hex').slice(0, 16);
}

/** The compiler's declarations of the exports, as the members of an interface. */
function membersOf(declarations: string): string {
  const functions = [...declarations.matchAll(/export function (\w+)(\(.*\)): (\w+);/g)];
  return functions
    .map(([, name, parameters, result]) => `  readonly ${name}: ${parameters} => ${result};\n`)
    .join('');
}

/** The function that lists the numbers of a geometry in the order of assembly/geometry.ts, and its argument's type. */
function geometryWords(): string {
  const fields = readFileSync(join(SOURCES, 'geometry.ts'), 'utf8').matchAll(/^ {2}(\w+): i32;$/gm);
  const names = [...fields].map(([, name]) => name!);
  return (
    `export interface GeometryFields {\n${names.map((name) => `  readonly ${name}: number;\n`).join('')}}\n\n` +
    'export function geometryWords(g: GeometryFields): readonly number[] {\n' +
    `  return [${names.map((name) => `g.${name}`).join(', ')}];\n}\n\n`
  );
}

/** The ids of a module's sections, in order (WebAssembly Core Specification 2.0, 5.5.2). */
function sectionIds(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  for (let at = 8; at < bytes.length;) {
    ids.push(bytes[at++]!);
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = bytes[at++]!;
      size |= (byte & 127) << shift;
      more = byte > 127;
    }
    at += size;
  }
  return ids;
}

/** The id of a section of bytes that are copied into memory when the module is instantiated. */
const DATA = 11;

/**
 * A `PackedModule` of src/kernels/cpu/simd/packed-module.ts.
 *
 * @throws if it does not unpack to the same bytes
 */
async function packed(constant: string, bytes: Uint8Array): Promise<string> {
  const deflated = deflateRawSync(bytes, { level: 9, memLevel: 9 }).toString('base64');
  // Imported only here: it needs the module that inflates, which is written first.
  const { unpackModule } = await import('../src/kernels/cpu/simd/packed-module');
  if (Buffer.compare(unpackModule({ size: bytes.length, deflated }), bytes) !== 0)
    throw new Error(`${constant}: assembly/inflate.ts does not give the bytes back that were packed.`);
  return `export const ${constant} = {\n  size: ${bytes.length},\n  deflated:\n    '${deflated}',\n};\n`;
}

/** Compiles one module and writes the TypeScript module that wraps it. */
async function compile(module: (typeof MODULES)[number], source: string): Promise<number> {
  // Imported only when needed: the compiler takes seconds to load.
  const asc = await import('assemblyscript/asc');
  const outputs = new Map<string, string | Uint8Array>();
  const argv = [
    join(SOURCES, `${module.name}.ts`),
    '--outFile',
    `${module.name}.wasm`,
    ...OPTIONS,
    ...module.options,
  ];
  const messages = asc.createMemoryStream();
  const { error } = await asc.main(argv, {
    stderr: messages,
    writeFile: (name, contents) => {
      outputs.set(name, contents);
    },
  });
  if (error)
    throw new Error(`assembly/${module.name}.ts does not compile: ${error.message}\n${messages.toString()}`);
  const bytes = outputs.get(`${module.name}.wasm`) as Uint8Array;
  if (sectionIds(bytes).includes(DATA))
    throw new Error(
      `assembly/${module.name}.ts has constants in memory. All modules share one memory, and the compiler puts the constants of each at the ` +
        'same place: make them constants of the code (v128 literals, switch), or pass their address.',
    );
  const members = membersOf(outputs.get(`${module.name}.d.ts`) as string);
  const constant = `${module.name.replace('-', '_').toUpperCase()}_MODULE`;
  const plain = `export const ${constant} =\n  '${Buffer.from(bytes).toString('base64')}';\n`;
  writeFileSync(
    join(module.folder, `${module.name}.wasm.ts`),
    `// Generated by scripts/build-wasm.ts. Sources: ${source}\n` +
      (module.type ? `export interface ${module.type} {\n${members}}\n\n` : '') +
      module.more() +
      ('isPlain' in module ? plain : await packed(constant, bytes)),
  );
  return bytes.length;
}

const source = fingerprint();
for (const module of MODULES) {
  const file = join(module.folder, `${module.name}.wasm.ts`);
  if (
    !process.argv.includes('--force') &&
    existsSync(file) &&
    readFileSync(file, 'utf8').includes(`Sources: ${source}\n`)
  )
    continue;
  console.log(`${file}: ${await compile(module, source)} bytes of WebAssembly`);
}

/** Writes the text of docs/ops.md. */
import * as rxtensor from '../../src';
import * as checkpoints from '../../src/checkpoints';
import * as customKernels from '../../src/custom-kernels';
import * as data from '../../src/data';
import * as programs from '../../src/programs';
import * as files from '../../src/files';
import * as inspector from '../../src/inspector';
import * as ops from '../../src/ops';
import * as page from '../../src/page';
import * as parquet from '../../src/parquet';
import * as sound from '../../src/sound';
import * as vision from '../../src/vision';
import * as workers from '../../src/workers';
import { opNames } from '../../test/support/op-names';
import { FAILS, NO, YES, type Row } from './rows';

const columns = [
  'op',
  'CPU',
  'WebGL',
  'gradient',
  'int32',
  'empty',
  'chainable',
  'host op',
  'why not',
] as const;

const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function cellsOf({ name, notes, ...row }: Row): string[] {
  const { cpu, webgl, gradient, int32, empty, chainable, host } = row;
  const why = notes.join('; ').replaceAll('|', '\\|').replaceAll('\n', ' ');
  return [`\`${name}\``, cpu, webgl, gradient, int32, empty, chainable, host, why];
}

/** The WebGL cell of an op and its notes, read from the existing page; undefined if it has no row there. */
export function writtenWebGL(
  page: string,
  name: string,
): { readonly cell: string; readonly notes: readonly string[] } | undefined {
  const cells = page
    .split('\n')
    .find((line) => line.startsWith(`| \`${name}\` |`))
    ?.split(' | ');
  const cell = cells?.[columns.indexOf('WebGL')];
  if (cells === undefined || cell === undefined) return undefined;
  const why = cells[columns.indexOf('why not')] ?? '';
  return { cell, notes: why.split('; ').filter((note) => note.startsWith('WebGL: ')) };
}

/** Members of the classes that are internal, and left out of the page. */
const internal: readonly string[] = [
  'constructor',
  ...[
    'markKept',
    'disposeWith',
    'disposeHidden',
    'end',
    'assertUsable',
    'isKept',
    'isScoped',
    'isRegistered',
    'rankType',
  ],
  ...['edge', 'ending', 'kept', 'storage', 'swap', 'settings', 'slotName', 'slotsOf', 'iterations'],
];

const opsWithoutGroups = new Set(opNames.map((name) => name.replace(/^\w+\./, '')));

/** The public members of a class other than ops. */
function membersOf({ prototype }: { prototype: object }, fields: readonly string[] = []): string[] {
  const names = new Set([...fields, ...Object.getOwnPropertyNames(prototype)]);
  return [...names].filter((name) => !opsWithoutGroups.has(name) && !internal.includes(name)).sort();
}

const fieldsOf = (make: () => rxtensor.Tensor): string[] => {
  const value = make();
  const fields = Object.keys(value);
  value.dispose();
  return fields;
};

const isClass = (value: unknown): boolean =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

/** The exports other than ops, by kind. */
function others(): Readonly<Record<string, readonly string[]>> {
  const top = new Set(opNames.map((name) => name.split('.')[0]));
  const left = Object.entries(rxtensor).filter(([name]) => !top.has(name));
  const names = (accepts: (value: unknown) => boolean): string[] =>
    left
      .filter(([, value]) => accepts(value))
      .map(([name]) => name)
      .sort();
  return {
    'Functions: gradients, memory, backends, random state, debugging, streams': names(
      (value) => typeof value === 'function' && !isClass(value),
    ),
    'Functions of `rxtensor/files`': Object.keys(files).sort(),
    'Functions of `rxtensor/parquet`': Object.keys(parquet).sort(),
    'Functions of `rxtensor/data`': Object.keys(data).sort(),
    'Functions of `rxtensor/checkpoints`': Object.keys(checkpoints).sort(),
    'Functions of `rxtensor/vision`': Object.keys(vision).sort(),
    'Functions of `rxtensor/sound`': Object.keys(sound).sort(),
    'Members of `signal` of `rxtensor/sound`': Object.keys(sound.signal).sort(),
    'Functions of `rxtensor/ops`': Object.keys(ops).sort(),
    'Functions of `rxtensor/inspector`': Object.keys(inspector).sort(),
    'Functions of `rxtensor/custom-kernels`': Object.keys(customKernels).sort(),
    'Functions of `rxtensor/programs`': Object.keys(programs).sort(),
    'Functions of `rxtensor/workers`': Object.keys(workers).sort(),
    'Functions of `rxtensor/page`': Object.keys(page).sort(),
    Classes: names(isClass),
    'Enumerations and groups': names((value) => typeof value === 'object'),
    'Members of `train`': Object.keys(rxtensor.train).sort(),
    'Members of `Tensor` that are no op': membersOf(
      rxtensor.Tensor,
      fieldsOf(() => rxtensor.scalar(1)),
    ),
    'Members of `Variable`': membersOf(
      rxtensor.Variable,
      fieldsOf(() => rxtensor.variable(rxtensor.scalar(1))),
    ),
    'Members of `TensorBuffer`': membersOf(rxtensor.TensorBuffer),
    'Members of `Optimizer`': membersOf(rxtensor.Optimizer),
  };
}

const listOf = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ');

/** The text of the page. */
export function pageOf(rows: readonly Row[]): string {
  const failing = rows.filter((row) => Object.values(row).includes(FAILS)).length;
  const count = (key: 'gradient' | 'chainable' | 'empty'): number =>
    rows.filter((row) => row[key] === YES).length;
  return `# The ops

Look up here whether an op runs on your backend, which type it gives, and whether it has a gradient.

Written by \`npm run docs:ops\`, which runs every op that is exported: on the CPU in Node, on WebGL in Chromium. Do not edit it.

- **CPU**: the call gives a result. The plain and the compiled kernels are compared by the specs, case by case.
- **WebGL**: float32, int32 and empty arguments give what the CPU gives, and the gradients are right there too.
- **gradient**: agrees with finite differences at the points of \`test/support/ops\`.
- **int32**: the dtype of the result for int32 arguments.
- **empty**: takes tensors with a 0 in their shape.
- **chainable**: is a method of \`Tensor\` too.
- **host op**: the shape of its result depends on values. It reads its inputs, computes on the host and is never taped.

${YES} yes, ${NO} no, for the reason in the last column, ${FAILS} fails. ${rows.length} ops: ${count('gradient')} with a gradient, ${count('empty')} that take empty tensors, ${count('chainable')} that are methods; ${failing} with a failure.

${[lineOf(columns), lineOf(columns.map(() => '---')), ...rows.map((row) => lineOf(cellsOf(row)))].join('\n')}

## The other names

What is exported beside the ops; types are in the declarations alone.

${Object.entries(others())
  .map(([what, names]) => `- ${what}: ${listOf(names)}`)
  .join('\n')}
`;
}

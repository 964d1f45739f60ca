/** Writes the text of docs/accuracy.md. */
import type { ElementwiseError } from './elementwise';
import type { Worst } from './error';
import type { LongError } from './long-sums';
import type { BackendErrors } from './page';
import { PROMISED } from '../../test/support/rounding';
import { rows } from './rows';

/** The largest errors allowed for elementwise functions: in units in the last place on the CPU, relative on WebGL. */
const AIM = { cpu: 4, webgl: 1e-5 };

const titles: Readonly<Record<string, string>> = {
  none: 'CPU, plain',
  simd: 'CPU, SIMD',
  relaxed: 'CPU, relaxed SIMD',
  webgl: 'WebGL',
};

const titleOf = ({ backend }: Pick<BackendErrors, 'backend'>): string => titles[backend] ?? backend;
const isWebGL = ({ backend }: BackendErrors): boolean => backend === 'webgl';

function errorOf(errors: BackendErrors, row: ElementwiseError): Worst {
  return isWebGL(errors) ? row.relative : row.ulps;
}

function isMissed(errors: BackendErrors, row: ElementwiseError): boolean {
  return !(errorOf(errors, row).error <= (isWebGL(errors) ? AIM.webgl : AIM.cpu));
}

/** All errors that the page shows. */
export interface Errors {
  readonly backends: readonly BackendErrors[];
  readonly long: readonly LongError[];
}

/** A line for each aim that is missed. */
export function missedAims({ backends, long }: Errors): string[] {
  return [...missedByFunctions(backends), ...missedBySums(long)];
}

function missedBySums(long: readonly LongError[]): string[] {
  return long.flatMap(({ name, of, terms, aim, errors }) =>
    Object.entries(errors)
      .filter(([, error]) => error !== null && error > aim)
      .map(
        ([backend, error]) =>
          `${name} of ${count(terms)} terms, ${of}, on ${titleOf({ backend })}: ${error!.toPrecision(2)}; wanted ${relative(aim)}`,
      ),
  );
}

function missedByFunctions(all: readonly BackendErrors[]): string[] {
  return all.flatMap((errors) =>
    errors.elementwise
      .filter((row) => isMissed(errors, row))
      .map((row) => {
        const { error, at, found, wanted } = errorOf(errors, row);
        return `${row.name} on ${titleOf(errors)}: ${error.toPrecision(2)} at ${at.join(', ')}: ${found}; wanted ${wanted}`;
      }),
  );
}

/** A relative error as text, with two digits: `1.2·10^-7`. */
function relative(error: number): string {
  return error === 0 ? '0' : error.toExponential(1).replace('e', '·10^').replace('^+', '^');
}

function elementwiseCell(errors: BackendErrors, row: ElementwiseError): string {
  const { error } = errorOf(errors, row);
  const text = isWebGL(errors) ? relative(error) : error.toFixed(2);
  return isMissed(errors, row) ? `**${text}**` : text;
}

const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [lineOf(head), lineOf(head.map(() => '---')), ...rows.map(lineOf)].join('\n');

/** A number of terms, a power of ten or of two, as text: `10^7`, `2^20`. */
function count(terms: number): string {
  const base = Number.isInteger(Math.log10(terms)) ? 10 : 2;
  return `${base}^${Math.round(Math.log(terms) / Math.log(base))}`;
}

function sumCell(error: number | null, aim: number): string {
  if (error === null) return '–';
  return error > aim ? `**${relative(error)}**` : relative(error);
}

/** The text of the page. */
export function accuracyPage(errors: Errors): string {
  const { backends: all, long } = errors;
  const head = all.map(titleOf);
  const missed = missedAims(errors);
  const elementwise = all[0]!.elementwise.map(({ name, bounds }, i) => [
    `\`${name}\``,
    ...all.map((errors) => elementwiseCell(errors, errors.elementwise[i]!)),
    bounds,
  ]);
  const products = rows.map(({ name, of }, i) => [
    `\`${name}\``,
    of,
    ...all.map((errors) => relative(errors.products[i]!)),
  ]);
  const longRows = long.map(({ name, of, terms, aim, errors: found }) => [
    `\`${name}\``,
    of,
    count(terms),
    relative(aim),
    ...all.map(({ backend }) => sumCell(found[backend] ?? null, aim)),
  ]);
  return `# Accuracy

Look up here how far the result of an op may be from the true one, on each backend.

Written by \`npm run docs:accuracy\`, which runs the ops in Chromium and compares each result with float64. Do not edit it.
WebGL is rendered by SwiftShader there; GLSL demands little of its functions, so that other devices give other numbers.

## Elementwise functions

The largest error over 60,000 arguments: half of them any float32 at all, as many of each magnitude, the others where the
functions change; zeros, denormals, the ends of the range, infinities and NaN are among them, for two operands each with each.

- On the CPU in units in the last place of the exact result, everywhere. The aim is ${AIM.cpu}; a correctly rounded result has at most ½.
- On WebGL relative to the exact result. The aim is 10^−5. Denormals may be taken for 0. Near the zeros of \`sin\`, \`cos\`,
  \`tan\`, \`log\`, \`acos\` and \`acosh\` that are not at 0 the absolute error counts, and what has bounds is stated within them.
- \`floorDiv\` jumps: where the quotient is a whole number within its rounding, either neighbour is right.

${missed.length === 0 ? 'All aims are met.' : `Missed aims, bold in the table:\n\n${missed.map((line) => `- ${line}`).join('\n')}`}

${tableOf(['function', ...head, 'bounds on WebGL'], elementwise)}

## Sums, products and what is made of them

The largest error relative to the exact result or, where terms of both signs cancel, to what the row names.

${tableOf(['op', 'of', ...head], products)}

## Sums of very many terms

The largest error relative to Σ|terms|, which must not grow with the number of terms. The aims are ${relative(PROMISED.reduction)} for reductions
and pools up to 2^26 terms, and ${relative(PROMISED.product)} for products, filter gradients and scatters up to 10^7; for scatters on WebGL up to
2^20 terms a slot. Software renders WebGL here: where a size takes it long, or nothing is promised, the cell says –.

${tableOf(['op', 'of', 'terms', 'aim', ...head], longRows)}
`;
}

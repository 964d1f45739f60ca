/** Parses an einsum equation: it gives a label to each axis of each operand and of the result. */
import type { Shape } from '../../kernels';
import { formatShape } from '../shape';

/** A label is a letter. The axes of an ellipsis are labelled '.0', '.1', … from the last axis backwards, since broadcasting aligns last axes. */
export interface Labelling {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
  readonly extents: ReadonlyMap<string, number>;
}

const ELLIPSIS = '...';
const TERM = /^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/;

/** Splits a term: 'ab...c' gives ['a', 'b', '...', 'c']. */
const piecesOf = (term: string): string[] => term.match(/\.\.\.|[a-zA-Z]/g) ?? [];

/** The labels of an ellipsis that stands for `count` axes. */
const broadcastLabels = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `.${count - 1 - i}`);

const isBroadcast = (label: string): boolean => label.startsWith('.');

/** The terms of the operands, and the term of the result if there is one. @throws when the equation is malformed or has another number of operands */
function termsOf(equation: string, operands: number): { left: string[]; right: string | undefined } {
  const [inputs = '', right, ...more] = equation.replace(/\s/g, '').split('->');
  const left = inputs.split(',');
  if (more.length > 0 || ![...left, right ?? ''].every((term) => TERM.test(term))) {
    throw new Error(
      `einsum: argument 'equation' is '${equation}'; wanted letters for the axes of each operand, separated by commas, ` +
        `'->' and the letters of the result, as in 'ij,jk->ik', with at most one '...' in each`,
    );
  }
  if (left.length !== operands) {
    throw new Error(
      `einsum: argument 'equation' is '${equation}', with ${left.length} operands; wanted ${operands}, one for each tensor`,
    );
  }
  return { left, right };
}

/** One label for each axis of an operand. @throws when the operand has fewer axes than letters, or has more and no ellipsis */
function labelsOf(term: string, shape: Shape, i: number): string[] {
  const pieces = piecesOf(term);
  const hasEllipsis = pieces.includes(ELLIPSIS);
  const letters = hasEllipsis ? pieces.length - 1 : pieces.length;
  if (hasEllipsis ? shape.length < letters : shape.length !== letters) {
    throw new Error(
      `einsum: argument 'tensors[${i}]' has rank ${shape.length} (shape ${formatShape(shape)}); ` +
        `wanted rank ${letters}${hasEllipsis ? ' or more' : ''}, for '${term}'`,
    );
  }
  return pieces.flatMap((piece) => (piece === ELLIPSIS ? broadcastLabels(shape.length - letters) : [piece]));
}

/** The extent of each label. Axes of extent 1 are broadcast. @throws when a label has two different extents, neither of them 1 */
function extentsOf(inputs: readonly (readonly string[])[], shapes: readonly Shape[]): Map<string, number> {
  const extents = new Map<string, number>();
  inputs.forEach((labels, i) =>
    labels.forEach((label, axis) => {
      const found = shapes[i]![axis]!;
      const before = extents.get(label) ?? found;
      const repeats = found === 1 || before === 1;
      if (found !== before && !repeats) {
        const name = isBroadcast(label) ? ELLIPSIS : label;
        throw new Error(
          `einsum: argument 'tensors[${i}]' has extent ${found} (shape ${formatShape(shapes[i]!)}) along '${name}'; ` +
            `wanted 1 or ${before}, the extent of the same letter elsewhere`,
        );
      }
      extents.set(label, found === 1 ? before : found);
    }),
  );
  return extents;
}

/** The labels of an explicit result term. Without an ellipsis, those of the operands are summed over. @throws for a letter that no operand has */
function outputOf(equation: string, right: string, known: ReadonlySet<string>): string[] {
  const pieces = piecesOf(right);
  const unknown = pieces.find((piece) => piece !== ELLIPSIS && !known.has(piece));
  if (unknown !== undefined) {
    throw new Error(
      `einsum: argument 'equation' is '${equation}', whose result has a letter '${unknown}'; wanted letters that an operand has`,
    );
  }
  const broadcast = broadcastLabels([...known].filter(isBroadcast).length);
  return pieces.flatMap((piece) => (piece === ELLIPSIS ? broadcast : [piece]));
}

/** The labels of the result if the equation has no '->', as in NumPy: the axes of the ellipsis, then the letters that occur once, in alphabetical order. */
function impliedOutput(inputs: readonly (readonly string[])[], known: ReadonlySet<string>): string[] {
  const all = inputs.flat();
  const once = [...known].filter(
    (label) => !isBroadcast(label) && all.indexOf(label) === all.lastIndexOf(label),
  );
  return [...broadcastLabels([...known].filter(isBroadcast).length), ...once.sort()];
}

/** Parses an equation for operands of these shapes. @throws when it is malformed or does not fit them */
export function labelling(equation: string, shapes: readonly Shape[]): Labelling {
  const { left, right } = termsOf(equation, shapes.length);
  const inputs = left.map((term, i) => labelsOf(term, shapes[i]!, i));
  const known = new Set(inputs.flat());
  const output = right === undefined ? impliedOutput(inputs, known) : outputOf(equation, right, known);
  return { inputs, output, extents: extentsOf(inputs, shapes) };
}

/** What the text of an einsum says: a label for each axis of each operand, and for those of the result. */
import type { Shape } from '../../kernels';
import { formatShape } from '../shape';

/** A label is a letter; the axes of an ellipsis have the labels '.0', '.1', … from the last one on, as they are broadcast. */
export interface Labelling {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
  readonly extents: ReadonlyMap<string, number>;
}

const ELLIPSIS = '...';
const TERM = /^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/;

/** 'ab...c' is ['a', 'b', '...', 'c']. */
const piecesOf = (term: string): string[] => term.match(/\.\.\.|[a-zA-Z]/g) ?? [];

/** The labels of the last `count` axes that are broadcast. */
const broadcastLabels = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `.${count - 1 - i}`);

const isBroadcast = (label: string): boolean => label.startsWith('.');

/** The terms of the operands, and that of the result unless it is left out. @throws when the equation is none, or for another number of operands */
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
      `einsum: argument 'equation' is '${equation}', with ${left.length} operands; wanted ${operands}, as there are tensors`,
    );
  }
  return { left, right };
}

/** One label for each axis of an operand. @throws when it has fewer axes than letters, or more and no ellipsis */
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

/** The extent of each label. @throws when one has two of them; an axis of extent 1 is repeated */
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
            `wanted 1 or ${before}, as before`,
        );
      }
      extents.set(label, found === 1 ? before : found);
    }),
  );
  return extents;
}

/** Where it has no ellipsis, the axes of the operands' are summed over. @throws when it has a letter that no operand has */
function outputOf(equation: string, right: string, known: ReadonlySet<string>): string[] {
  const pieces = piecesOf(right);
  const unknown = pieces.find((piece) => piece !== ELLIPSIS && !known.has(piece));
  if (unknown !== undefined) {
    throw new Error(
      `einsum: argument 'equation' is '${equation}', whose result has an axis '${unknown}'; wanted axes of the operands`,
    );
  }
  const broadcast = broadcastLabels([...known].filter(isBroadcast).length);
  return pieces.flatMap((piece) => (piece === ELLIPSIS ? broadcast : [piece]));
}

/** As in NumPy: the axes of an ellipsis, then the letters that occur once, in alphabetical order. */
function impliedOutput(inputs: readonly (readonly string[])[], known: ReadonlySet<string>): string[] {
  const all = inputs.flat();
  const once = [...known].filter(
    (label) => !isBroadcast(label) && all.indexOf(label) === all.lastIndexOf(label),
  );
  return [...broadcastLabels([...known].filter(isBroadcast).length), ...once.sort()];
}

/** @throws when the equation is none, or does not fit the operands of these shapes */
export function labelling(equation: string, shapes: readonly Shape[]): Labelling {
  const { left, right } = termsOf(equation, shapes.length);
  const inputs = left.map((term, i) => labelsOf(term, shapes[i]!, i));
  const known = new Set(inputs.flat());
  const output = right === undefined ? impliedOutput(inputs, known) : outputOf(equation, right, known);
  return { inputs, output, extents: extentsOf(inputs, shapes) };
}

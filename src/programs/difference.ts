import type { KernelName, TypedArray } from '../kernels';
import type { Operand, Program, Step } from '../kernels/programs/program';
import { described } from '../tensor/argument';
import { isPlainObject, isTensor } from '../tensor/container';
import type { Recording } from './recording';

/** A difference between two recordings of one function, whose arguments had one signature. */
export interface Difference {
  /** Whether the kernels differ, and not only the values that they are given. */
  readonly isStructural: boolean;
  /** What differs, as a sentence that begins with the op. */
  readonly message: string;
}

/** The attributes that may differ between two calls of a step whose attributes vary: see varying() in host-state.ts. */
const varyingNames = new Set(['key', 'hyperparameters']);

/** The first difference between two recordings; null if a replay of one does what the other did. */
export function differenceBetween(a: Recording, b: Recording): Difference | null {
  return (
    differenceOfPrograms(a.program, b.program) ??
    captures(a, b) ??
    (sameValue(
      a.result,
      b.result,
      (x, y) => a.resultTensors.indexOf(x as never) === b.resultTensors.indexOf(y as never),
    )
      ? null
      : {
          isStructural: false,
          message: 'the result has parts that are no tensors, and differ from call to call',
        })
  );
}

function captures(a: Recording, b: Recording): Difference | null {
  const differs = a.captured.findIndex((each, i) => each !== b.captured[i]);
  if (differs < 0 && a.captured.length === b.captured.length) return null;
  const position = a.program.slots.findIndex(
    ({ origin }) => origin.kind === 'captured' && origin.position === differs,
  );
  return {
    isStructural: a.captured.length !== b.captured.length,
    message: `${readerOf(a.program, position)} uses a tensor from outside that differs from call to call; wanted it as an argument`,
  };
}

function differenceOfPrograms(a: Program, b: Program): Difference | null {
  const length = Math.max(a.steps.length, b.steps.length);
  for (let i = 0; i < length; i++) {
    const found = differenceOfSteps(a, b, a.steps[i], b.steps[i]);
    if (found) return found;
  }
  const operandsOf = ({ results, updates }: Program): string => JSON.stringify([results, updates]);
  const outlivingOf = ({ results, updates }: Program): number[] =>
    [...results, ...updates].map(({ slot }) => slot);
  for (const [i, slot] of outlivingOf(a).entries()) {
    const other = outlivingOf(b)[i];
    const found = other === undefined ? null : differenceOfConstants(a, b, slot, other, 'the result');
    if (found) return found;
  }
  if (operandsOf(a) === operandsOf(b)) return null;
  return { isStructural: true, message: 'the result comes from other ops in another call' };
}

function differenceOfSteps(a: Program, b: Program, x?: Step, y?: Step): Difference | null {
  const nameOf = (step: Step | undefined): string => (step ? `'${step.op}'` : 'nothing');
  const structure = ({ op, kernel, inputs, outputs, varying }: Step): string =>
    JSON.stringify([op, kernel, inputs, outputs, varying]);
  const both = x !== undefined && y !== undefined;
  if (!both || structure(x) !== structure(y)) {
    const which =
      both && x.op === y.op
        ? `'${x.op}' takes other tensors`
        : `one call runs ${nameOf(x)} where another runs ${nameOf(y)}`;
    return {
      isStructural: true,
      message: `${which}: which kernels run depends on more than the arguments' shapes and plain values`,
    };
  }
  for (const [i, { slot }] of x.inputs.entries()) {
    const found = differenceOfConstants(a, b, slot, y.inputs[i]!.slot, `'${x.op}'`);
    if (found) return found;
  }
  return differenceOfAttributes(x, y);
}

function differenceOfAttributes(x: Step, y: Step): Difference | null {
  const names: string[] = Object.keys(x.attributes);
  const differs = names.find((name) => {
    if (x.varying !== undefined && varyingNames.has(name)) return false;
    return !sameAttribute(x.kernel, x.attributes[name as never], y.attributes[name as never]);
  });
  if (differs === undefined) return null;
  const [was, is] = [x, y].map(({ attributes }) => described(attributes[differs as never]));
  return {
    isStructural: false,
    message: `'${x.op}' has ${differs} ${was} in one call and ${is} in another: it comes from plain JavaScript; wanted it as an argument of the function`,
  };
}

/** A custom kernel is a new function in each call, of the same definition and numbers. */
function sameAttribute(kernel: KernelName, a: unknown, b: unknown): boolean {
  return (
    sameValue(a, b, () => false) ||
    (kernel === 'custom' && typeof a === 'function' && typeof b === 'function')
  );
}

function differenceOfConstants(
  a: Program,
  b: Program,
  slotOfA: number,
  slotOfB: number,
  user: string,
): Difference | null {
  const [x, y] = [a.slots[slotOfA]!, b.slots[slotOfB]!];
  if (x.origin.kind !== y.origin.kind || x.size !== y.size || x.dtype !== y.dtype)
    return {
      isStructural: true,
      message: `${user} takes a tensor of another origin or size in another call`,
    };
  if (x.origin.kind !== 'constant' || y.origin.kind !== 'constant') return null;
  const differs = firstDifference(x.origin.values, y.origin.values);
  if (differs < 0) return null;
  return {
    isStructural: false,
    message:
      `${user} uses a value from plain JavaScript, ${x.origin.values[differs]} in one call and ${y.origin.values[differs]} in another` +
      '; wanted it as an argument of the function: a tensor, or a plain number if it has few values',
  };
}

function firstDifference(a: TypedArray, b: TypedArray): number {
  const values = Array.from<number>(a);
  return values.findIndex((value, i) => !Object.is(value, b[i]));
}

/** Whether two values are equal in all of their parts. */
function sameValue(a: unknown, b: unknown, sameTensor: (a: unknown, b: unknown) => boolean): boolean {
  if (isTensor(a) || isTensor(b)) return isTensor(a) && isTensor(b) && sameTensor(a, b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, i) => sameValue(each, b[i], sameTensor));
  if (isPlainObject(a) && isPlainObject(b)) {
    const names = Object.keys(a);
    return (
      names.join() === Object.keys(b).join() && names.every((name) => sameValue(a[name], b[name], sameTensor))
    );
  }
  return Object.is(a, b);
}

/** The op that uses a slot first, for messages. */
function readerOf({ steps }: Program, slot: number): string {
  const uses = ({ slot: used }: Operand): boolean => used === slot;
  const reader = steps.find(({ inputs }) => inputs.some(uses));
  return reader ? `'${reader.op}'` : 'the result';
}

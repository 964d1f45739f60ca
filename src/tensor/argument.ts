/** Checks of arguments other than tensors. Their errors name the op, the argument, what was found and what was wanted. */
import { isOfAnotherCopy, whyCopies } from '../kernels/copies';

const MOST_ELEMENTS = 8;
const MOST_LEVELS = 4;
const MOST_CHARACTERS = 200;

/** A value as text for error messages. Long or deeply nested values are shortened. */
export function described(value: unknown, levels = MOST_LEVELS): string {
  if (typeof value === 'string') return `'${shortened(value)}'`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) {
    if (levels === 0) return '[…]';
    const shown = value
      .slice(0, MOST_ELEMENTS)
      .map((each) => described(each, levels - 1))
      .join(',');
    return `[${shown}${value.length > MOST_ELEMENTS ? ',…' : ''}]`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  return kindOf(value);
}

/** The text; only its first 200 characters if it is longer. */
export function shortened(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

/** The name of an object's class, with its article: `a Date`, `an object`. */
export function kindOf(value: object): string {
  // Looks at the prototype, since a property `constructor` of the object itself may be anything.
  const prototype = Object.getPrototypeOf(value) as object | null;
  const name = (prototype?.constructor as { name?: string } | undefined)?.name ?? 'Object';
  if (isOfAnotherCopy(value)) return `a ${name} of another copy of rxtensor (${whyCopies()})`;
  return name === 'Object' ? 'an object' : `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** Makes the error for a wrong argument: `op: argument 'x' is 3; wanted a string`. */
export function wrongArgument(op: string, argument: string, value: unknown, wanted: string): Error {
  return new Error(`${op}: argument '${argument}' is ${described(value)}; wanted ${wanted}`);
}

/** @throws unless it is a number; NaN and the infinities are numbers */
export function assertNumber(op: string, argument: string, value: unknown): asserts value is number {
  if (typeof value !== 'number') throw wrongArgument(op, argument, value, 'a number');
}

/** @throws unless it is a number that is neither NaN nor infinite */
export function assertFinite(op: string, argument: string, value: unknown): asserts value is number {
  if (!Number.isFinite(value)) throw wrongArgument(op, argument, value, 'a finite number');
}

/** @throws unless it is a finite number, or an array of that many */
export function assertNumbers(op: string, argument: string, value: unknown, length: number): void {
  const fits = Array.isArray(value)
    ? value.length === length && value.every(Number.isFinite)
    : Number.isFinite(value);
  if (!fits) throw wrongArgument(op, argument, value, `a finite number, or ${length} of them`);
}

/** @throws unless it is an integer from `least` to `most` */
export function assertInteger(
  op: string,
  argument: string,
  value: unknown,
  least: number,
  most = Infinity,
): asserts value is number {
  if (isIntegerFrom(value, least) && value <= most) return;
  const wanted =
    most !== Infinity ? `an integer from ${least} to ${most}` : (INTEGERS[least] ?? 'an integer');
  throw wrongArgument(op, argument, value, wanted);
}

const INTEGERS: Readonly<Record<number, string>> = { 0: 'a non-negative integer', 1: 'a positive integer' };

/** @throws unless it is a number from 0 to 1 */
export function assertFraction(op: string, argument: string, value: unknown): asserts value is number {
  if (!(typeof value === 'number' && value >= 0 && value <= 1)) {
    throw wrongArgument(op, argument, value, 'a number in [0, 1]');
  }
}

/** @throws unless it is one of the strings */
export function assertOneOf(op: string, argument: string, value: unknown, wanted: readonly string[]): void {
  if ((wanted as readonly unknown[]).includes(value)) return;
  const names = wanted.map((each) => `'${each}'`);
  const last = names.pop()!;
  throw wrongArgument(op, argument, value, names.length > 0 ? `${names.join(', ')} or ${last}` : last);
}

/** @throws unless it is a function */
export function assertFunction<T>(
  op: string,
  argument: string,
  value: T,
): asserts value is Extract<T, (...args: never[]) => unknown> {
  if (typeof value !== 'function') throw wrongArgument(op, argument, value, 'a function');
}

/** @throws unless it is an array with at least one element */
export function assertList(
  op: string,
  argument: string,
  value: unknown,
  wanted: string,
): asserts value is readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw wrongArgument(op, argument, value, wanted);
}

/** Whether it is an integer ≥ `least`. */
export function isIntegerFrom(value: unknown, least: number): value is number {
  return Number.isInteger(value) && (value as number) >= least;
}

/** Whether it is an array of integers ≥ `least`, with `length` elements if that is given. */
export function isIntegers(value: unknown, least: number, length?: number): value is number[] {
  return (
    Array.isArray(value) &&
    (length === undefined || value.length === length) &&
    value.every((each) => isIntegerFrom(each, least))
  );
}

/** Whether it is an array of that many pairs of non-negative integers. */
export function isPairs(value: unknown, length: number): value is [number, number][] {
  return Array.isArray(value) && value.length === length && value.every((pair) => isIntegers(pair, 0, 2));
}

import { plain, type Argument } from '../wrong-arguments/argument';

/** An argument of pairs [before, after] for each axis, such as paddings, with wrong values for it. */
export function pairs(name: string, valid: readonly (readonly number[])[]): Argument {
  const [first, ...rest] = valid;
  const wrong = [[1], [-1, 0], [0.5, 0], [1, 2, 3], ['nonsense', 0], null].map((pair) => [pair, ...rest]);
  return plain(name, valid, [[], rest, [...valid, first], ...wrong]);
}

import { pairOrNumber, plain, tensor, type Argument } from '../wrong-arguments/argument';

const explicit = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0, 0],
];
/** The arguments of ops that slide a window over images. */
export const pad = plain('pad', 'same', [
  'nonsense',
  -1,
  0.5,
  NaN,
  [1, 2],
  [[1], ...explicit.slice(1)],
  [[-1, 0], ...explicit.slice(1)],
]);
export const rounding = plain('dimRoundingMode', undefined, ['nonsense', 5, 'toString'], 'optional');
export const strides = pairOrNumber('strides', 1);
export const dilations = (name: string): Argument => pairOrNumber(name, 1, 'optional');
export const images = (name: string): Argument => tensor(name, [2, 4, 4, 2], { ranks: [3, 4] });

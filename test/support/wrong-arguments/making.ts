import {
  beside,
  choice,
  dataType,
  extents,
  integer,
  number,
  plain,
  seed,
  type Argument,
  type Rows,
} from './argument';

const anyNumber = 'any number';
const finite = [NaN, Infinity];
const shape = extents('shape', [2, 3], [[2, [3]]]);
const ragged = [[1, 2], [3]];
const raggedValues = [ragged, [[1], 2], [1, [2]], ['nonsense'], [1, 'nonsense'], [1, null], [[1, undefined]]];

function ofRank(rank: number): readonly Argument[] {
  const whole = new Array<number>(rank).fill(1);
  let nested: unknown = 1;
  for (let depth = 0; depth < rank; depth++) nested = [nested];
  const fitting = [whole.map((extent, i) => (i === 0 ? 2 : extent)), whole.slice(1)];
  return [
    plain('values', nested, [...raggedValues, [nested]]),
    ...(rank > 1 ? [beside(extents('shape', whole, fitting, 'optional'), 'values')] : []),
    dataType(),
  ];
}

const drawn = (...parameters: Argument[]): readonly Argument[] => [shape, ...parameters, seed];
const normal = drawn(
  number('mean', 0, anyNumber, 'optional'),
  number('stdDev', 1, anyNumber, 'optional'),
  choice('dtype', 'float32'),
);

const pixels = { data: new Uint8ClampedArray(8), width: 2, height: 1 };
const fromPixels: readonly Argument[] = [
  plain('pixels', pixels, [
    { ...pixels, width: 3 },
    { data: [1, 2, 3, 4], width: 1, height: 1 },
  ]),
  integer('numChannels', 3, { least: 1, most: 4, presence: 'optional' }),
];

/** Ops that make tensors from nothing. */
export const makingRows: Rows = {
  tensor: [
    plain('values', [1, 2], raggedValues),
    beside(extents('shape', [2], [[3], [2, 2]], 'optional'), 'values'),
    dataType(),
  ],
  scalar: [plain('value', 1, [[1], [[1]]]), dataType()],
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((rank) => [`tensor${rank}d`, ofRank(rank)])),
  fill: [shape, number('value', 1, anyNumber), dataType()],
  zeros: [shape, dataType()],
  ones: [shape, dataType()],
  eye: [
    integer('numRows', 2, { least: 0 }),
    integer('numColumns', 3, { least: 0, presence: 'optional' }),
    extents('batchShape', [2], [], 'optional'),
    dataType(),
  ],
  linspace: [number('start', 0, finite), number('stop', 1, finite), integer('num', 5, { least: 1 })],
  range: [
    number('start', 0, finite),
    number('stop', 2, finite),
    number('step', 1, [0, ...finite], 'optional'),
    dataType(),
  ],
  rand: [shape, plain('randFunction', () => 0.5, 'any function'), dataType()],
  randomNormal: normal,
  truncatedNormal: normal,
  randomUniform: drawn(
    number('minval', 0, anyNumber, 'optional'),
    number('maxval', 1, anyNumber, 'optional'),
    choice('dtype', 'float32'),
  ),
  randomUniformInt: drawn(number('minval', 1, [NaN, 0.5, 9, 10]), number('maxval', 9, [NaN, 1.5, 1, 0])),
  randomGamma: drawn(
    number('alpha', 3, [0, -1, ...finite]),
    number('beta', 1, [0, -1, ...finite], 'optional'),
    choice('dtype', 'float32'),
  ),
  ...Object.fromEntries(
    ['fromPixels', 'fromPixelsAsync', 'browser.fromPixels', 'browser.fromPixelsAsync'].map((name) => [
      name,
      fromPixels,
    ]),
  ),
};

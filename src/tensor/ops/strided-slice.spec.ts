import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';

/** What Python makes of a subscript, written out for one entry an axis. */
type Entry =
  { begin?: number; end?: number; stride?: number } | { index: number } | 'new' | 'all' | 'ellipsis';

/** The places that `begin:end:stride` names, by walking. */
function places(
  { begin, end, stride = 1 }: { begin?: number; end?: number; stride?: number },
  extent: number,
): number[] {
  const from = (index: number): number => (index < 0 ? index + extent : index);
  const found: number[] = [];
  if (stride > 0) {
    const last = end === undefined ? extent : Math.min(from(end), extent);
    for (let i = begin === undefined ? 0 : Math.max(from(begin), 0); i < last; i += stride) found.push(i);
  } else {
    const last = end === undefined ? -1 : Math.max(from(end), -1);
    for (let i = begin === undefined ? extent - 1 : Math.min(from(begin), extent - 1); i > last; i += stride)
      found.push(i);
  }
  return found;
}

function wantedOf(x: Reference, entries: readonly Entry[]): Reference {
  const named = entries.filter((each) => each !== 'new' && each !== 'ellipsis').length;
  const rest = new Array<Entry>(x.shape.length - named).fill('all');
  const full = entries.includes('ellipsis')
    ? entries.flatMap((each) => (each === 'ellipsis' ? rest : [each]))
    : [...entries, ...rest];
  const shape: number[] = [];
  const axes: ((index: readonly number[]) => number)[] = [];
  for (const entry of full) {
    if (entry === 'new') shape.push(1);
    else if (typeof entry === 'object' && 'index' in entry) {
      const extent = x.shape[axes.length]!;
      axes.push(() => (entry.index < 0 ? entry.index + extent : entry.index));
    } else {
      const list = places(entry === 'all' || entry === 'ellipsis' ? {} : entry, x.shape[axes.length]!);
      const axis = shape.push(list.length) - 1;
      axes.push((index) => list[index[axis]!]!);
    }
  }
  return build(shape, (index) =>
    at(
      x,
      axes.map((each) => each(index)),
    ),
  );
}

/** The arguments of stridedSlice for entries; what a mask overrides is given nonsense. */
function argumentsOf(
  entries: readonly Entry[],
): [number[], number[], number[], number, number, number, number, number] {
  const range = (entry: Entry): { begin?: number; end?: number; stride?: number } =>
    typeof entry === 'object' && !('index' in entry) ? entry : {};
  const bits = (holds: (entry: Entry) => boolean): number =>
    entries.reduce((mask, entry, i) => mask | (holds(entry) ? 1 << i : 0), 0);
  const isRange = (entry: Entry): boolean =>
    entry === 'all' || (typeof entry === 'object' && !('index' in entry));
  const isIndex = (entry: Entry): boolean => typeof entry === 'object' && 'index' in entry;
  return [
    entries.map((entry) =>
      typeof entry === 'object' && 'index' in entry ? entry.index : (range(entry).begin ?? 1),
    ),
    entries.map((entry) => range(entry).end ?? 0),
    entries.map((entry) => range(entry).stride ?? 1),
    bits((entry) => isRange(entry) && range(entry).begin === undefined),
    bits((entry) => isRange(entry) && range(entry).end === undefined),
    bits((entry) => entry === 'ellipsis'),
    bits((entry) => entry === 'new'),
    bits(isIndex),
  ];
}

const cases: [shape: number[], entries: Entry[]][] = [
  [[6], [{ begin: 1, end: 5, stride: 2 }]],
  [[6], [{ begin: -4, end: -1 }]],
  [[6], [{ stride: -1 }]],
  [[6], [{ begin: 4, end: 0, stride: -2 }]],
  [[6], [{ begin: -1, end: -7, stride: -3 }]],
  [[6], [{ begin: 4, end: 2 }]],
  [[6], [{ begin: 10, end: 20 }]],
  [[6], [{ begin: -10, end: 20, stride: 4 }]],
  [[6], [{ index: -2 }]],
  [[0], [{ stride: -1 }]],
  [
    [3, 4],
    [{ index: 1 }, { begin: 1 }],
  ],
  [[3, 4], [{ end: -1 }]],
  [
    [3, 4],
    ['ellipsis', { index: 2 }],
  ],
  [
    [3, 4],
    ['ellipsis', 'new'],
  ],
  [
    [3, 4],
    ['new', { index: 0 }, 'new', { stride: 2 }],
  ],
  [
    [2, 3, 4, 5],
    [{ index: 1 }, 'ellipsis', { begin: 3, end: 0, stride: -1 }],
  ],
  [
    [2, 3, 4, 5],
    ['all', { begin: 1 }, 'new', 'ellipsis', 'new', { index: -1 }],
  ],
  [
    [2, 3, 4, 5],
    [{ begin: 1, end: 1 }, { stride: -2 }],
  ],
  [
    [2, 2, 3, 2, 2, 3],
    ['all', { index: 0 }, 'ellipsis', { stride: -1 }, { stride: 2 }],
  ],
  [[], ['new']],
  [[3], ['ellipsis']],
];

describe('stridedSlice', () => {
  for (const [shape, entries] of cases) {
    it(`of [${shape.join()}] by ${JSON.stringify(entries)} is what the subscript means`, () => {
      dl.tidy(() => {
        const x = sample(shape, 5);
        expectExact(dl.stridedSlice(toTensor(x), ...argumentsOf(entries)), wantedOf(x, entries));
      });
    });
  }

  it('is a method, keeps dtypes, and takes stride 1 where none is given', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([16777217, 2, 3], 'int32').stridedSlice([0], [2]);
      expect(x.dtype).toBe('int32');
      expectExact(x, [16777217, 2]);
      expect([...dl.tensor1d([true, false]).stridedSlice([1], [-3], [-1]).dataSync()]).toEqual([0, 1]);
    });
  });

  it('has a gradient of zeros where it takes nothing', () => {
    dl.tidy(() => {
      const f = (x: dl.Tensor): dl.Tensor => x.stridedSlice([5, 0], [9, 3], [1, 2]).sum().add(x.sum().mul(0));
      expectExact(
        dl.grad(f)(dl.ones([3, 4])),
        build([3, 4], () => 0),
      );
    });
  });

  it('refuses what is no subscript', () => {
    dl.tidy(() => {
      const x = dl.zeros([3, 4]);
      expect(() => x.stridedSlice([0], [1, 2])).toThrowError(
        "stridedSlice: argument 'end' is [1,2]; wanted 1 integers, as many as 'begin' has",
      );
      expect(() => x.stridedSlice([0], [2], [0])).toThrowError(
        /argument 'strides' is \[0\]; wanted strides other than 0/,
      );
      expect(() => x.stridedSlice([0.5], [2])).toThrowError(/argument 'begin' is \[0.5\]/);
      expect(() => x.stridedSlice(1 as never, [2])).toThrowError(/argument 'begin' is 1/);
      expect(() => x.stridedSlice([0, 0, 0], [1, 1, 1])).toThrowError(/names 3 axes; wanted at most 2/);
      expect(() => x.stridedSlice([0, 0], [1, 1], [1, 1], 0, 0, 3)).toThrowError(
        /which sets 2 ellipses; wanted at most one/,
      );
      expect(() => x.stridedSlice([3], [4], [1], 0, 0, 0, 0, 1)).toThrowError(
        /argument 'begin' is 3 at entry 0; wanted an index into an axis of extent 3/,
      );
      expect(() => x.stridedSlice([1], [0], [-1], 0, 0, 0, 0, 1)).toThrowError(
        /'shrinkAxisMask' makes an index/,
      );
      expect(() => dl.stridedSlice(null as never, [0], [1])).toThrowError(/argument 'x' is null/);
    });
  });
});

describe('an index of stridedSlice', () => {
  it("is 'begin', whatever 'beginMask' says", () => {
    dl.tidy(() =>
      expectExact(dl.stridedSlice([7, 9], [1], [0], [1], 1, 0, 0, 0, 1), { shape: [], values: [9] }),
    );
  });
});

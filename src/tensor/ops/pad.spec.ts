import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor } from '../../../test/support/reference';

type Pairs = [number, number][];

describe('pad', () => {
  const cases: [number[], Pairs][] = [
    [[3], [[1, 2]]],
    [
      [2, 3],
      [
        [0, 1],
        [2, 0],
      ],
    ],
    [
      [2, 3],
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      [2, 3, 2],
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
    ],
    [
      [1, 4, 4, 3],
      [
        [0, 0],
        [1, 1],
        [2, 1],
        [0, 0],
      ],
    ],
    [
      [1, 2, 1, 2, 2],
      [
        [1, 0],
        [0, 0],
        [1, 1],
        [0, 0],
        [0, 2],
      ],
    ],
    [
      [1, 2, 1, 2, 1, 2],
      [
        [0, 0],
        [1, 0],
        [0, 1],
        [0, 0],
        [1, 0],
        [0, 1],
      ],
    ],
    [
      [0, 2],
      [
        [1, 1],
        [0, 0],
      ],
    ],
    [[], []],
  ];
  // Rows of the result that begin anywhere in a texel.
  for (const rows of [[0, 0], [0, 1], [1, 0], [2, 1]] as Pairs) // prettier-ignore
    for (const columns of [[0, 1], [1, 0], [1, 1], [2, 1], [1, 3], [4, 2]] as Pairs) // prettier-ignore
      cases.push([[2, 3, 5], [[1, 0], rows, columns]]); // prettier-ignore
  for (const [shape, paddings] of cases) {
    it(`puts [${paddings.map((pair) => `[${pair}]`)}] around [${shape}]`, () => {
      dl.tidy(() => {
        const x = sample(shape);
        const result = shape.map((extent, i) => paddings[i]![0] + extent + paddings[i]![1]);
        const wanted = build(result, (index) => {
          const own = index.map((each, i) => each - paddings[i]![0]);
          return own.every((each, i) => each >= 0 && each < shape[i]!) ? at(x, own) : -7.5;
        });
        expectExact(dl.pad(toTensor(x), paddings, -7.5), wanted);
      });
    });
  }

  it('pads with 0 by default, in every dtype', () => {
    dl.tidy(() => {
      expectExact(dl.pad([1], [[1, 1]]), [0, 1, 0]);
      const x = dl.pad(dl.tensor1d([16777217], 'int32'), [[0, 1]], 16777219);
      expect(x.dtype).toBe('int32');
      expectExact(x, [16777217, 16777219]);
      expect(dl.pad(dl.tensor1d([true]), [[1, 0]], 1).dataSync()).toEqual(new Uint8Array([1, 1]));
      expectExact(dl.pad([1], [[1, 0]], NaN), [NaN, 1]);
    });
  });

  it('refuses other paddings', () => {
    for (const paddings of [
      [],
      [
        [1, 2],
        [0, 0],
      ],
      [[1]],
      [[-1, 0]],
      [[0.5, 0]],
      3,
    ]) {
      expect(() => dl.pad([1, 2], paddings as never)).toThrowError(
        /pad: argument 'paddings' is .*; wanted 1 pairs of non-negative integers/,
      );
    }
  });
});

describe('mirrorPad', () => {
  /** The place in [0, extent) that a place outside shows. */
  function mirrored(place: number, extent: number, mode: 'reflect' | 'symmetric'): number {
    const edge = mode === 'reflect' ? 0 : 1;
    if (place < 0) return -place - edge;
    return place < extent ? place : 2 * extent - 2 - place + edge;
  }

  for (const mode of ['reflect', 'symmetric'] as const) {
    it(`shows x again at its border: ${mode}`, () => {
      dl.tidy(() => {
        const cases: [number[], Pairs][] = [
          [[4], [[3, 2]]],
          [
            [3, 4],
            [
              [2, 1],
              [0, 3],
            ],
          ],
          [
            [2, 3, 4],
            [
              [1, 0],
              [1, 2],
              [0, 1],
            ],
          ],
          [
            [1, 3, 3, 2],
            [
              [0, 0],
              [1, 1],
              [2, 2],
              [0, 0],
            ],
          ],
        ];
        for (const [shape, paddings] of cases) {
          const x = sample(shape);
          const result = shape.map((extent, i) => paddings[i]![0] + extent + paddings[i]![1]);
          const wanted = build(result, (index) =>
            at(
              x,
              index.map((each, i) => mirrored(each - paddings[i]![0], shape[i]!, mode)),
            ),
          );
          expectExact(dl.mirrorPad(toTensor(x), paddings, mode), wanted, `[${shape}]`);
        }
      });
    });
  }

  it('refuses more than there is to show, and another mode', () => {
    dl.tidy(() =>
      expect(
        dl.mirrorPad(
          dl.zeros([0, 3]),
          [
            [0, 0],
            [2, 0],
          ],
          'reflect',
        ).shape,
      ).toEqual([0, 5]),
    );
    expect(() => dl.mirrorPad([1, 2, 3], [[3, 0]], 'reflect')).toThrowError(
      /mirrorPad: argument 'paddings' asks for \[3,0\] at axis 0 of extent 3; wanted at most 2/,
    );
    expect(() => dl.mirrorPad([1, 2, 3], [[0, 4]], 'symmetric')).toThrowError(/wanted at most 3/);
    expect(() => dl.mirrorPad([1], [[0, 0]], 'wrap' as never)).toThrowError(
      /mirrorPad: argument 'mode' is 'wrap'; wanted 'reflect' or 'symmetric'/,
    );
  });
});

import * as dl from 'rxtensor/tensor';
import { dilation2d, erosion2d } from 'rxtensor/ops';
import { recorded } from 'rxtensor/programs';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients } from '../../../test/support/gradient-check';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';
import { slide, type Sliding } from '../../../test/support/windows';

const cases: (Sliding & { readonly x: readonly number[] })[] = [
  { x: [1, 1, 1, 1], filter: [1, 1], pad: 'valid' },
  { x: [2, 5, 6, 3], filter: [3, 2], pad: 'same' },
  { x: [1, 7, 6, 4], filter: [2, 3], strides: [2, 3], pad: 'valid' },
  { x: [1, 7, 7, 2], filter: [3, 2], strides: [3, 2], pad: 'same' },
  { x: [1, 6, 7, 1], filter: [2, 2], dilations: [2, 3], pad: 'same' },
  { x: [1, 4, 4, 2], filter: [3, 3], pad: 1 },
];

function reached(x: Reference, filter: Reference, c: Sliding, isErosion: boolean): Reference {
  const { extents, taps } = slide(x.shape[1]!, x.shape[2]!, c);
  return build([x.shape[0]!, ...extents, x.shape[3]!], ([n, oy, ox, channel]) => {
    const values = taps(oy!, ox!).map((tap) => {
      const value = at(x, [n!, tap.y, tap.x, channel!]);
      return isErosion
        ? value - at(filter, [c.filter[0] - 1 - tap.fy, c.filter[1] - 1 - tap.fx, channel!])
        : value + at(filter, [tap.fy, tap.fx, channel!]);
    });
    return isErosion ? Math.min(...values) : Math.max(...values);
  });
}

for (const [name, run, isErosion] of [
  ['dilation2d', dilation2d, false],
  ['erosion2d', erosion2d, true],
] as const) {
  describe(name, () => {
    for (const c of cases) {
      it(`[${c.x}] by [${c.filter}], strides [${c.strides ?? 1}], dilations [${c.dilations ?? 1}], pad ${JSON.stringify(c.pad)}`, () => {
        const size = c.x.reduce((a, b) => a * b);
        // No two sums are near to each other.
        const x = { shape: c.x, values: Array.from({ length: size }, (_, i) => ((i * 31) % size) / 2) };
        const filter = build([...c.filter, c.x[3]!], (index) => ((index[0]! * 3 + index[1]! * 7) % 5) / 16);
        const call = (a: dl.Tensor, b: dl.Tensor): dl.Tensor =>
          run(a, b, c.strides ?? 1, c.pad, c.dilations ?? 1);
        dl.tidy(() => {
          for (const each of [x, sample(c.x, 3)])
            expectClose(call(toTensor(each), toTensor(filter)), reached(each, filter, c, isErosion));
        });
        expectGradients(call, [x, filter], { step: 1 / 128 });
      });
    }

    it('takes one image, empty batches, and NaN', () => {
      dl.tidy(() => {
        const one = run(dl.ones([3, 3, 2]), dl.ones([2, 2, 2]), 1, 'valid');
        expectExact(one, { shape: [2, 2, 2], values: new Array<number>(8).fill(isErosion ? 0 : 2) });
        expect(run(dl.ones([0, 3, 3, 2]), dl.ones([2, 2, 2]), 1, 'valid').shape).toEqual([
          0, 2, 2, 2,
        ] as never);
        expectExact(run([[[NaN], [1], [2]]], dl.zeros([1, 2, 1]), 1, 'valid').flatten(), [
          NaN,
          isErosion ? 1 : 2,
        ]);
      });
    });

    it('is the same in a recorded program', () => {
      const program = recorded((x: dl.Tensor, filter: dl.Tensor) => run(x, filter, 1, 'same'));
      dl.tidy(() => {
        const filter = sample([2, 3, 2], 9);
        for (const seed of [1, 2, 3]) {
          const x = sample([1, 4, 5, 2], seed);
          const wanted = reached(x, filter, { filter: [2, 3], pad: 'same' }, isErosion);
          expectClose(program(toTensor(x), toTensor(filter)), wanted);
        }
      });
      program.dispose();
    });

    it('names what does not fit', () => {
      dl.tidy(() => {
        const x = dl.ones<dl.Rank.R4>([1, 4, 4, 2]);
        expect(() => run(x, dl.ones([2, 2, 3]), 1, 'same')).toThrowError(
          `${name}: argument 'filter' has shape [2,2,3]; wanted [height, width, 2], with at least one row and column and the channels of 'x'`,
        );
        expect(() => run(x, dl.ones([2, 2]), 1, 'same')).toThrowError(
          new RegExp(`^${name}: argument 'filter' has rank 2`),
        );
        expect(() => run(x, dl.ones([2, 2, 2]), 0, 'same')).toThrowError(
          new RegExp(`^${name}: argument 'strides' is 0`),
        );
        expect(() => run(x, dl.ones([2, 2, 2]), 1, 'same', 1, 'NCHW' as never)).toThrowError(
          `${name}: argument 'dataFormat' is 'NCHW'; wanted 'NHWC'`,
        );
      });
    });
  });
}

// Kernels that add by points, with and without them: not every device can blend floats.
import { begunAnew } from '../../../test/support/begun-anew';
import { difference } from '../../../test/support/close';
import { describeOwnWebGL } from '../../../test/support/own-backends';
import { createDraw, runKernel, type Operand } from '../../../test/support/run-kernel';
import type { WarpAttributes } from '../warp';
import type { WebGLBackend } from './backend';
import { createWebGLBackend, type WebGLOptions } from './create';

const draw = begunAnew(() => createDraw(31));

function operand(shape: readonly number[], dtype: Operand['dtype'], values: readonly number[]): Operand {
  return { shape, dtype, values };
}

function open(options: WebGLOptions, blendsFloats: boolean): WebGLBackend {
  const backend = createWebGLBackend(options) as WebGLBackend;
  if (!blendsFloats) Object.defineProperty(backend, 'blendsFloats', { value: false });
  expect(backend.blendsFloats).toBe(blendsFloats);
  return backend;
}

for (const options of [{}, { maxTextureSize: 64 }]) {
  describeOwnWebGL(`sums by points and by looking through all, ${JSON.stringify(options)}`, () => {
    let blending: WebGLBackend;
    let searching: WebGLBackend;

    beforeAll(() => {
      blending = open(options, true);
      searching = open(options, false);
    });

    afterAll(() => {
      blending.dispose();
      searching.dispose();
    });

    for (const [outer, batch, extent, inner, count] of [
      [1, 1, 40, 8, 100],
      [1, 1, 100, 3, 50],
      [3, 1, 17, 1, 70],
      [4, 2, 18, 4, 31],
      [2, 2, 300, 1, 9],
      [1, 1, 20, 4, 0],
    ] as const) {
      const view = { outer, extent, inner, batch };
      const places = Math.round(extent * 1.3);
      const indices = draw(batch * count, -2, places).map(Math.floor);

      it(`scatterAdd gives the same bits for ${JSON.stringify(view)} and ${count} indices`, () => {
        const values = draw(outer * count * inner, -1, 1);
        // NaN, infinities and −0 must not spread to other places.
        [NaN, Infinity, -0].forEach((value, i) => (values[3 * i] = values.length > 9 ? value : 0));
        const run = (backend: WebGLBackend): ArrayLike<number> =>
          runKernel(
            backend,
            'scatterAdd',
            [
              operand([outer, count, inner], 'float32', values.slice(0, outer * count * inner)),
              operand([batch * count], 'int32', indices),
            ],
            [{ shape: [outer, extent, inner], dtype: 'float32' }],
            view,
          )[0]!;
        expect(run(blending)).toEqual(run(searching) as never);
      });
    }

    it('scatterAdd of int32 is exact', () => {
      const values = [16777217, 2147483647, 1, -5];
      const run = (backend: WebGLBackend): ArrayLike<number> =>
        runKernel(
          backend,
          'scatterAdd',
          [operand([4], 'int32', values), operand([4], 'int32', [3, 30, 3, 30])],
          [{ shape: [31], dtype: 'int32' }],
          { outer: 1, extent: 31, inner: 1 },
        )[0]!;
      const wanted = new Int32Array(31);
      wanted[3] = 16777218;
      wanted[30] = 2147483642;
      expect(run(blending)).toEqual(wanted);
      expect(run(searching)).toEqual(wanted);
    });

    // Each interpolation and mode with whole texels, and one with single values.
    const warps = [
      ['bilinear', 'constant', 3],
      ['bilinear', 'reflect', 4],
      ['bilinear', 'wrap', 4],
      ['nearest', 'nearest', 4],
      ['nearest', 'extrapolate', 4],
    ] as const;
    for (const [interpolation, outside, channels] of warps) {
      it(`warpGradient agrees, ${interpolation}, ${outside}, of ${channels} channels`, () => {
        const attributes: WarpAttributes = { interpolation, outside, fill: [0, 0, 0, 0] };
        const transforms = [
          ...[0.9, 0.2, -0.4, -0.15, 1.1, 0.3, 0, 0],
          ...[1.2, -0.1, 0.7, 0.1, 0.8, -1.2, 0.01, 0.02],
          ...[0, 0, 2, 0, 0, 1, 0, 0],
        ];
        const run = (backend: WebGLBackend): ArrayLike<number> =>
          runKernel(
            backend,
            'warpGradient',
            [
              operand([3, 6, 5, channels], 'float32', dy),
              operand([3, 8], 'float32', transforms),
              operand([3], 'int32', [1, 0, 1]),
            ],
            [{ shape: [2, 5, 7, channels], dtype: 'float32' }],
            attributes,
          )[0]!;
        const dy = draw(3 * 6 * 5 * channels, -1, 1);
        const shape = [2, 5, 7, channels];
        const [found, wanted] = [run(blending), run(searching)].map((values) => ({
          shape,
          values: Array.from(values),
        }));
        expect(wanted!.values.some((value) => value !== 0)).toBeTrue();
        expect(difference(found!, wanted!, 2e-5)).toBeNull();
      });
    }
  });
}

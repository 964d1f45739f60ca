import fc from 'fast-check';
import * as dl from 'rxtensor/tensor';
import {
  angle,
  complex,
  complexAbs,
  fft,
  fft2d,
  ifft,
  ifft2d,
  imag,
  irfft,
  real,
  rfft,
  type FourierNorm,
} from 'rxtensor/sound';
import { createCpuBackend } from '../../kernels/cpu';
import { bringKernels } from '../kernels/bring';
import { onAsynchronousBackend } from '../../../test/support/asynchronous-backend';
import { expectClose, expectExact } from '../../../test/support/close';
import { gradientErrors } from '../../../test/support/gradient-check';
import { numbers } from '../../../test/support/reference';
import { runKernel } from '../../../test/support/run-kernel';
import known from '../../../test/support/numpy/fourier.json';

/** Σ x[j]·exp(∓2πijk/n) in float64, term by term. */
function direct(re: readonly number[], im: readonly number[], isInverse = false): [number, number][] {
  const n = re.length;
  const turns = re.map((_, j) => ((isInverse ? 1 : -1) * 2 * Math.PI * j) / n);
  const [cosines, sines] = [turns.map(Math.cos), turns.map(Math.sin)];
  return re.map((_, k) => {
    const sum: [number, number] = [0, 0];
    for (let j = 0; j < n; j++) {
      const turn = (j * k) % n;
      sum[0] += re[j]! * cosines[turn]! - im[j]! * sines[turn]!;
      sum[1] += re[j]! * sines[turn]! + im[j]! * cosines[turn]!;
    }
    return sum;
  });
}

/** Numbers from −1 to 1 that float32 has. */
function drawn(seed: number, count: number): number[] {
  const next = numbers(seed);
  return Array.from({ length: count }, () => Math.fround(2 * next() - 1));
}

/** Root of the mean of squares of the differences, relative to that of what is wanted. */
async function relativeError(found: dl.Tensor, wanted: readonly number[]): Promise<number> {
  const values = await found.data();
  expect(values.length).toBe(wanted.length);
  let error = 0;
  let size = 0;
  wanted.forEach((value, i) => {
    error += (values[i]! - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(error / size);
}

/** Lengths of every radix, of products, of primes and their products, and of more than one pass on each backend. */
const LENGTHS = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20, 21, 25, 27, 30, 31, 32, 45, 60, 64, 77, 100,
  120, 125, 127, 128, 160, 243, 256, 360, 400, 480, 500, 512, 600, 625, 1000, 1024, 1031,
];

describe('Fourier transforms', () => {
  let tensors: number;
  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  it('give what NumPy gives', async () => {
    for (const { x, fft: wanted, rfft: half, ifft: inverse } of known.cases) {
      const pairs = complex(x.re, x.im);
      const found = [fft(pairs), rfft(x.re), ifft(pairs)];
      expect(await relativeError(found[0]!, wanted.flat())).toBeLessThan(1e-6);
      expect(await relativeError(found[1]!, half.flat())).toBeLessThan(1e-6);
      expect(await relativeError(found[2]!, inverse.flat())).toBeLessThan(1e-6);
      dl.dispose([pairs, ...found]);
    }
    for (const { norm, fft: wanted, irfft: back } of known.norms) {
      const pairs = complex(known.normed.re, known.normed.im);
      const found = fft(pairs, { norm: norm as FourierNorm });
      const real = irfft(pairs, { norm: norm as FourierNorm, length: 9 });
      expect(await relativeError(found, wanted.flat())).toBeLessThan(1e-6);
      expect(await relativeError(real, back)).toBeLessThan(1e-6);
      dl.dispose([pairs, found, real]);
    }
    const plane = complex(known.plane.re, known.plane.im);
    const found = [fft2d(plane), ifft2d(plane), fft2d(plane, { axes: [0, 2], norm: 'ortho' })];
    expect(await relativeError(found[0]!, known.plane.fft2.flat(3))).toBeLessThan(1e-6);
    expect(await relativeError(found[1]!, known.plane.ifft2.flat(3))).toBeLessThan(1e-6);
    expect(await relativeError(found[2]!, known.plane.fft2of02.flat(3))).toBeLessThan(1e-6);
    dl.dispose([plane, ...found]);
  });

  it('agree with sums in float64, for every length', async () => {
    for (const n of LENGTHS) {
      const rows = 6;
      const re = drawn(n, n * rows);
      const im = drawn(n + 1, n * rows);
      const each = Array.from({ length: rows }, (_, row) => [
        re.slice(row * n, (row + 1) * n),
        im.slice(row * n, (row + 1) * n),
      ]);
      const half = Math.floor(n / 2) + 1;
      const x = dl.tidy(() => complex(dl.tensor(re, [rows, n]), dl.tensor(im, [rows, n])));
      const r = dl.tensor(re, [rows, n]);
      const found = { fft: fft(x), ifft: ifft(x), rfft: rfft(r) };
      const back = irfft(found.rfft, { length: n });
      const context = `length ${n}`;
      // The error of a sum by passes grows with their number; a chirp adds that of its products.
      const bound = 2e-6;
      expect(
        await relativeError(
          found.fft,
          each.flatMap(([a, b]) => direct(a!, b!).flat()),
        ),
      )
        .withContext(context)
        .toBeLessThan(bound);
      expect(
        await relativeError(
          found.ifft,
          each.flatMap(([a, b]) =>
            direct(a!, b!, true)
              .flat()
              .map((v) => v / n),
          ),
        ),
      )
        .withContext(context)
        .toBeLessThan(bound);
      const zeros = new Array<number>(n).fill(0);
      expect(
        await relativeError(
          found.rfft,
          each.flatMap(([a]) => direct(a!, zeros).slice(0, half).flat()),
        ),
      )
        .withContext(context)
        .toBeLessThan(bound);
      expect(await relativeError(back, re))
        .withContext(context)
        .toBeLessThan(bound);
      dl.dispose([x, r, ...Object.values(found), back]);
    }
  });

  it('come back, and keep energies (Parseval), along any axis', async () => {
    const draws = fc.record({
      shape: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
      axis: fc.nat(3),
      seed: fc.nat(1e6),
    });
    await fc.assert(
      fc.asyncProperty(draws, async ({ shape, axis: place, seed }) => {
        const axis = place % shape.length;
        const length = shape[axis]!;
        const size = shape.reduce((a, b) => a * b);
        const [re, im] = [drawn(seed, size), drawn(seed + 1, size)];
        const x = dl.tidy(() => complex(dl.tensor(re, shape), dl.tensor(im, shape)));
        const found = dl.tidy(() => {
          const y = fft(x, { axis });
          const ours = y.square().sum().div(length);
          const half = rfft(dl.tensor(re, shape), { axis });
          return [ifft(y, { axis: axis - shape.length }), ours, irfft(half, { axis, length })];
        });
        const energy = [...re, ...im].reduce((sum, v) => sum + v * v, 0);
        expect(
          await relativeError(
            found[0]!,
            re.flatMap((v, i) => [v, im[i]!]),
          ),
        ).toBeLessThan(2e-6);
        expect(Math.abs((await found[1]!.data())[0]! / energy - 1)).toBeLessThan(5e-6);
        expect(await relativeError(found[2]!, re)).toBeLessThan(2e-6);
        dl.dispose([x, ...found]);
      }),
      { numRuns: 40, seed: 20 },
    );
  });

  it('have the gradients that differences find', () => {
    for (const n of [1, 2, 5, 6, 7, 8, 14]) {
      const half = Math.floor(n / 2) + 1;
      const real = [2, n];
      const x = dl.tidy(() => dl.tensor(drawn(n, 2 * n), real).arraySync() as number[][]);
      const pairs = dl.tidy(() => dl.tensor(drawn(n, 4 * n), [2, n, 2]).arraySync());
      const spectrum = dl.tidy(() => dl.tensor(drawn(n, 4 * half), [2, half, 2]).arraySync());
      for (const norm of ['backward', 'ortho', 'forward'] as const) {
        expect(gradientErrors((v) => fft(v, { norm }), [pairs]))
          .withContext(`fft ${n}`)
          .toEqual([]);
        expect(gradientErrors((v) => ifft(v, { norm }), [pairs]))
          .withContext(`ifft ${n}`)
          .toEqual([]);
        expect(gradientErrors((v) => rfft(v, { norm }), [x]))
          .withContext(`rfft ${n}`)
          .toEqual([]);
        expect(gradientErrors((v) => irfft(v, { norm, length: n }), [spectrum]))
          .withContext(`irfft ${n}`)
          .toEqual([]);
      }
      // The power of a spectrum, whose gradient goes through both directions.
      expect(gradientErrors((v) => rfft(v, { axis: 0, length: 3 }).square(), [x])).toEqual([]);
    }
  });

  it('have second gradients', () => {
    dl.tidy(() => {
      const power = (x: dl.Tensor): dl.Tensor => complexAbs(rfft(x)).pow(4).sum();
      const x = dl.tensor(drawn(3, 6));
      expect(gradientErrors((v) => dl.grad(power)(v), [x.arraySync()])).toEqual([]);
    });
  });

  it('cut and fill up the axis, and take integers', () => {
    dl.tidy(() => {
      expectClose(rfft([1, 2, 3, 4], { length: 2 }), [
        [3, 0],
        [-1, 0],
      ]);
      expectClose(real(rfft(dl.tensor1d([1, 2], 'int32'), { length: 4 })), [3, 1, -1]);
      expectClose(irfft([[4, 0]], { length: 4 }), [1, 1, 1, 1]);
      expect(rfft(dl.zeros([0, 4])).shape).toEqual([0, 3, 2]);
      expect(fft(dl.zeros([3, 0, 2]), { length: 4 }).shape).toEqual([3, 4, 2]);
    });
  });

  it('carry NaN and ∞ within their own row only', async () => {
    const rows = [
      [NaN, 1, 2, 3],
      [1, 0, 0, 0],
      [4, 4, 4, 4],
      [0, Infinity, 0, 0],
      [0, 1, 0, 0],
    ];
    const found = dl.tensor(rows);
    const spectrum = rfft(found);
    const values = [...(await spectrum.data())];
    expect(values.slice(6, 18).every(Number.isFinite)).toBeTrue();
    expect(values.slice(24).every(Number.isFinite)).toBeTrue();
    expect(values.slice(0, 6).some(Number.isNaN)).toBeTrue();
    expect(values.slice(18, 24).some((v) => !Number.isFinite(v))).toBeTrue();
    dl.dispose([found, spectrum]);
  });

  it('are the same by SIMD and in plain TypeScript', () => {
    bringKernels();
    const [simd, plain] = [createCpuBackend('auto')!, createCpuBackend('none')!];
    for (const length of [1, 2, 3, 4, 5, 15, 24, 50, 64]) {
      for (const kind of ['complex', 'toHalf', 'fromHalf'] as const) {
        for (const rows of [1, 3, 5]) {
          const half = Math.floor(length / 2) + 1;
          const pairs = { shape: [rows, length, 2], dtype: 'float32' as const };
          const spectra = { shape: [rows, half, 2], dtype: 'float32' as const };
          const reals = { shape: [rows, length], dtype: 'float32' as const };
          const [from, to] = {
            complex: [pairs, pairs],
            toHalf: [reals, spectra],
            fromHalf: [spectra, reals],
          }[kind] as [typeof reals, typeof reals];
          const values = drawn(
            length,
            from.shape.reduce((a, b) => a * b),
          );
          for (const inverse of [false, true]) {
            const attributes = { kind, rows, length, inverse, scale: 0.5, middle: 3 };
            const [ours] = runKernel(simd, 'fourier', [{ ...from, values }], [to], attributes);
            const [wanted] = runKernel(plain, 'fourier', [{ ...from, values }], [to], attributes);
            expectClose([...ours!], [...wanted!], 2e-5, `${kind} ${length} ${rows}`);
          }
        }
      }
    }
  });

  it('run on the CPU for a backend that lacks the kernel', async () => {
    await onAsynchronousBackend({ lacks: ['fourier'] }, async () => {
      const y = rfft([1, 0, 0, 0]);
      expect([...(await y.data())]).toEqual([1, 0, 1, 0, 1, 0]);
      y.dispose();
    });
    await onAsynchronousBackend({}, async () => {
      const y = rfft([1, 0, 0, 0]);
      expect([...(await y.data())]).toEqual([1, 0, 1, 0, 1, 0]);
      y.dispose();
    });
  });

  it('check their arguments', () => {
    dl.tidy(() => {
      expect(() => fft([1, 2, 3])).toThrowError(
        "fft: argument 'x' has shape [3]; wanted complex values, with a last axis of two: make them with complex(real, imaginary)",
      );
      expect(() => fft([[1, 2]], { axis: 1 })).toThrowError(/^fft: argument 'axis' is 1/);
      expect(() => fft([[1, 2]], { length: 0 })).toThrowError(
        "fft: option 'length' is 0; wanted a positive integer, or null for that of the axis",
      );
      expect(() => rfft([1], { norm: 'orthogonal' as never })).toThrowError(
        "rfft: option 'norm' is 'orthogonal'; wanted one of 'backward', 'forward', 'ortho'",
      );
      expect(() => rfft([1], { n: 4 } as never)).toThrowError(/^rfft: there is no option 'n'/);
      expect(() => rfft([])).toThrowError(/^rfft: the axis has too few elements/);
      expect(() => irfft([[1, 0]])).toThrowError(/^irfft: the axis has too few elements/);
      expect(() => fft2d(complex([[1]]), { axes: [0, 0] })).toThrowError(
        "fft2d: argument 'axes' is [0,0]; wanted two different axes",
      );
    });
  });
});

describe('complex values', () => {
  it('are made, and parted again', () => {
    dl.tidy(() => {
      const x = complex([3, 0, -1], [4, 0, 0]);
      expectExact(real(x), [3, 0, -1]);
      expectExact(imag(x), [4, 0, 0]);
      expectClose(complexAbs(x), [5, 0, 1]);
      expectClose(angle(x), [Math.atan2(4, 3), 0, Math.PI]);
      expectExact(imag(complex([1, 2])), [0, 0]);
      // Their squares overflow.
      expectClose(complexAbs([[3e30, 4e30]]).div(5e30), [1]);
    });
  });

  it('have gradients, 0 where a magnitude is 0', () => {
    dl.tidy(() => {
      expectClose(
        dl.grad((x) => complexAbs(x).sum())([
          [3, 4],
          [0, 0],
        ]),
        [
          [0.6, 0.8],
          [0, 0],
        ],
      );
      expect(
        gradientErrors(complexAbs, [
          [
            [1, 2],
            [-3, 0.5],
          ],
        ]),
      ).toEqual([]);
      expect(
        gradientErrors(angle, [
          [
            [1, 2],
            [-3, 0.5],
          ],
        ]),
      ).toEqual([]);
      expect(
        gradientErrors(
          (a, b) => complex(a, b).square(),
          [
            [1, 2],
            [-3, 0.5],
          ],
        ),
      ).toEqual([]);
    });
  });

  it('check their arguments', () => {
    expect(() => complex([1, 2], [1])).toThrowError(
      "complex: argument 'imaginary' has shape [1]; wanted that of 'real', [2]",
    );
    for (const f of [real, imag, complexAbs, angle])
      expect(() => f([1, 2, 3])).toThrowError(/: argument 'x' has shape \[3\]; wanted complex values/);
  });
});

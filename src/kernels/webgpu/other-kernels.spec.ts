// Kernels that other entries bring for other backends, and convolutions in blocks, beside their definitions and the CPU.
import { describeOwnWebGPU } from '../../../test/support/own-backends';
import { createDraw, runKernel, runKernelAndRead, type Operand } from '../../../test/support/run-kernel';
import { createCpuBackend } from '../cpu';
import type { DataType } from '../dtype';
import type { WindowGeometry } from '../convolution';
import type { FourierAttributes } from '../fourier';
import type { KernelAttributes } from '../kernel-table';
import { sizeOf } from '../strides';
import { WebGPUBackend } from './backend';
import { openDevice, type OpenDevice } from './device';
import { webgpuKernels } from './kernels';

type Complex = readonly [re: number, im: number];

/** Σ x[j]·exp(∓2πijk/n), by the definition. */
function transform(x: readonly Complex[], inverse: boolean): Complex[] {
  return x.map((_, k) => {
    let [re, im] = [0, 0];
    x.forEach(([a, b], j) => {
      const angle = ((inverse ? 2 : -2) * Math.PI * ((j * k) % x.length)) / x.length;
      re += a * Math.cos(angle) - b * Math.sin(angle);
      im += a * Math.sin(angle) + b * Math.cos(angle);
    });
    return [re, im];
  });
}

/** One row of the kernel's table, by the definition. */
function transformed(
  x: readonly number[],
  { kind, length, inverse, scale, middle }: FourierAttributes,
): number[] {
  const pairs = (values: readonly number[]): Complex[] =>
    Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i]!, values[2 * i + 1]!]);
  const weight = (k: number): number => (k === 0 || 2 * k === length ? 1 : middle);
  if (kind === 'complex') return transform(pairs(x), inverse).flatMap(([re, im]) => [scale * re, scale * im]);
  const half = Math.floor(length / 2) + 1;
  if (kind === 'toHalf') {
    return transform(
      x.map((v) => [v, 0]),
      false,
    )
      .slice(0, half)
      .flatMap(([re, im], k) => [weight(k) * scale * re, weight(k) * scale * im]);
  }
  const bins = pairs(x).map(([re, im], k): Complex => [weight(k) * re, weight(k) * im]);
  const padded = Array.from({ length }, (_, k): Complex => bins[k] ?? [0, 0]);
  return transform(padded, true).map(([re]) => scale * re);
}

describeOwnWebGPU('kernels of WebGPU compute as they are defined', () => {
  const draw = createDraw(23);
  let opened: OpenDevice;
  let backend: WebGPUBackend;

  beforeEach(async () => {
    opened = (await openDevice()) as OpenDevice;
    backend = new WebGPUBackend(opened, webgpuKernels);
  });
  afterEach(() => backend.dispose());

  const operand = (
    shape: number[],
    dtype: DataType = 'float32',
    values = draw(sizeOf(shape), -1, 1),
  ): Operand => ({
    shape,
    dtype,
    values,
  });
  const furthest = (found: ArrayLike<number>, wanted: ArrayLike<number>): number => {
    expect(found.length).toBe(wanted.length);
    return Math.max(...Array.from(wanted, (value, i) => Math.abs(value - found[i]!)));
  };

  for (const kind of ['complex', 'toHalf', 'fromHalf'] as const) {
    it(`fourier: ${kind}`, async () => {
      for (const length of [1, 2, 3, 5, 8, 12, 15, 60, 64, 75, 240]) {
        for (const inverse of kind === 'complex' ? [false, true] : [false]) {
          const rows = 3;
          const half = Math.floor(length / 2) + 1;
          const [from, to] = {
            complex: [2 * length, 2 * length],
            toHalf: [length, 2 * half],
            fromHalf: [2 * half, length],
          }[kind] as [number, number];
          const attributes = { kind, rows, length, inverse, scale: 0.5, middle: 2 };
          const x = operand([rows, from]);
          const [y] = await runKernelAndRead(
            backend,
            'fourier',
            [x],
            [{ shape: [rows, to], dtype: 'float32' }],
            attributes,
          );
          const values = Array.from(x.values as ArrayLike<number>);
          const wanted = Array.from({ length: rows }, (_, row) =>
            transformed(values.slice(row * from, (row + 1) * from), attributes),
          ).flat();
          expect(furthest(y!, wanted))
            .withContext(`length ${length}, ${inverse}`)
            .toBeLessThan(2e-6 * length + 1e-6);
        }
      }
    });
  }

  for (const dtype of ['float32', 'int32'] as const) {
    it(`segmentExtreme: ${dtype}, among all rows and sorted`, async () => {
      for (const [rows, extent, inner] of [
        [7, 4, 3],
        [600, 500, 20],
      ] as const) {
        for (const name of ['max', 'min'] as const) {
          for (const hasInitial of [false, true]) {
            const whole = (size: number, most: number): number[] =>
              Array.from(draw(size, -1, 1), (v) => Math.floor(v * most));
            const numbers = (size: number): number[] =>
              dtype === 'int32' ? whole(size, 1000) : Array.from(draw(size, -1, 1), Math.fround);
            const values = numbers(rows * inner);
            // Some are outside.
            const indices = whole(rows, extent).map((v) => v + Math.floor(extent / 4));
            const initial = numbers(extent * inner);
            const empty = -7;
            const wanted = Array.from({ length: extent * inner }, (_, i) => {
              const index = Math.floor(i / inner);
              const own = indices.flatMap((at, row) =>
                at === index ? [values[row * inner + (i % inner)]!] : [],
              );
              const all = hasInitial ? [initial[i]!, ...own] : own;
              return all.length === 0 ? empty : Math[name](...all);
            });
            const [y] = await runKernelAndRead(
              backend,
              'segmentExtreme',
              [
                operand([rows, inner], dtype, values),
                operand([rows], 'int32', indices),
                ...(hasInitial ? [operand([extent, inner], dtype, initial)] : []),
              ],
              [{ shape: [extent, inner], dtype }],
              { name, extent, inner, empty },
            );
            expect(Array.from(y!)).withContext(`${rows} ${name} ${hasInitial}`).toEqual(wanted);
          }
        }
      }
    });
  }

  it('segmentExtreme: a NaN stays', async () => {
    const inputs = [operand([3, 1], 'float32', [1, NaN, 2]), operand([3], 'int32', [0, 0, 1])];
    const outputs = [{ shape: [2, 1], dtype: 'float32' as const }];
    const [y] = await runKernelAndRead(backend, 'segmentExtreme', inputs, outputs, {
      name: 'max',
      extent: 2,
      inner: 1,
      empty: 0,
    });
    expect(Array.from(y!)).toEqual([NaN, 2]);
  });

  it('ramp: whole numbers on the device, and others on the host', async () => {
    const cpu = createCpuBackend('none')!;
    const write = spyOn(opened.gpu.queue, 'writeBuffer').and.callThrough();
    for (const [start, step, dtype, last] of [
      [3, -2, 'float32'],
      [3, -2, 'int32'],
      [0.1, 0.2, 'float32'],
      [0, 1, 'float32', 99.5],
      [2 ** 24, 1, 'float32'],
    ] as [number, number, DataType, number?][]) {
      const attributes: KernelAttributes['ramp'] = { start, step, ...(last !== undefined && { last }) };
      const outputs = [{ shape: [100], dtype }];
      const [wanted] = runKernel(cpu, 'ramp', [], outputs, attributes);
      const [found] = await runKernelAndRead(backend, 'ramp', [], outputs, attributes);
      expect(Array.from(found!)).toEqual(Array.from(wanted!));
    }
    expect(write).toHaveBeenCalled();
  });

  it('convolutions in blocks, with strides, padding, dilation and groups', async () => {
    const cpu = createCpuBackend('none')!;
    for (const [channels, out, groups, stride, dilation] of [
      [8, 16, 1, 1, 1],
      [6, 4, 1, 2, 1],
      [16, 24, 2, 1, 2],
      [3, 8, 1, 3, 1],
      [70, 8, 1, 2, 2],
    ] as const) {
      const filterSize = 3;
      const size = 11;
      const outSize = Math.ceil(size / stride);
      const geometry: WindowGeometry = {
        batch: 2,
        inHeight: size,
        inWidth: size,
        inChannels: channels,
        outHeight: outSize,
        outWidth: outSize,
        outChannels: out,
        filterHeight: filterSize,
        filterWidth: filterSize,
        strideHeight: stride,
        strideWidth: stride,
        dilationHeight: dilation,
        dilationWidth: dilation,
        padTop: dilation,
        padLeft: dilation,
      };
      const x = operand([2, size, size, channels]);
      const filter = operand([filterSize, filterSize, channels / groups, out]);
      const dy = operand([2, outSize, outSize, out]);
      const compare = async <K extends 'conv2d' | 'conv2dInputGradient' | 'conv2dFilterGradient'>(
        kernel: K,
        inputs: Operand[],
        shape: readonly number[],
        attributes: KernelAttributes[K],
      ): Promise<void> => {
        const outputs = [{ shape, dtype: 'float32' as const }];
        const [wanted] = runKernel(cpu, kernel, inputs, outputs, attributes);
        const [found] = await runKernelAndRead(backend, kernel, inputs, outputs, attributes);
        expect(furthest(found!, wanted!))
          .withContext(`${kernel} of ${channels} → ${out}, ${groups} groups`)
          .toBeLessThan(1e-4);
      };
      await compare('conv2d', [x, filter, operand([out])], dy.shape, {
        geometry,
        activation: 'relu',
        alpha: 0,
      });
      await compare('conv2dInputGradient', [dy, filter], x.shape, { geometry });
      await compare('conv2dFilterGradient', [x, dy], filter.shape, { geometry });
    }
  });
});

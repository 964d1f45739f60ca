import { bitsOf, ProgramDraft, runPrepared, runStepByStep } from '../../../../test/support/programs';
import { activeBackend } from '../../active-backend';
import type { WindowGeometry } from '../../convolution';
import { WebGLBackend } from '../../webgl/backend';
import type { Operand, Program } from '../program';
import { hear } from './hear';

/** Runs of which the first notes draws, and the others replay them. */
const RUNS = 3;

function here(): WebGLBackend {
  const backend = activeBackend();
  if (backend instanceof WebGLBackend) return backend;
  throw new Error(`wanted the backend 'webgl', found '${backend.name}'`);
}

const numbers = (size: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => (((i + 1) * 7919 * seed) % 1009) / 250 - 2);

/** Runs a program with these arguments and captured values: the bits must be those of its kernels. @returns the draws of a replay */
function drawsOfEqual(
  program: Program,
  given: readonly Float32Array[],
  captured: readonly Float32Array[] = [],
  varying: readonly unknown[] = [],
): number {
  const values = { arguments: given, captured, varying };
  const wanted = runStepByStep(here(), program, values).map(bitsOf);
  const counts: number[] = [];
  for (const runs of [RUNS, RUNS + 1]) {
    const submissions = hear(here(), () => {
      for (const found of runPrepared(here(), program, values, runs))
        expect(found.map(bitsOf)).toEqual(wanted);
    });
    counts.push(submissions.length);
  }
  return counts[1]! - counts[0]!;
}

if (activeBackend() instanceof WebGLBackend) {
  describe('programs on WebGL', () => {
    it('take cross-entropies of short rows, and their gradients, in a draw each', () => {
      for (const extent of [3, 8, 10]) {
        const draft = new ProgramDraft();
        const [labels, logits, dy] = [
          draft.argument([6, extent]),
          draft.argument([6, extent]),
          draft.argument([6]),
        ];
        const view = { outer: 6, extent, inner: 1 };
        const loss = draft.step('crossEntropy', view, [labels, logits], [6]);
        const gradient = draft.step('crossEntropyGradient', view, [labels, logits, dy], [6, extent]);
        const wanted = Float32Array.from({ length: 6 * extent }, (_, i) => Number(i % extent === i % 3));
        const given = numbers(6 * extent, 3);
        given.set([NaN, 1, 2], 0);
        given.set([Infinity, 1, 2], extent);
        given.set([-Infinity, 1, 2], 2 * extent);
        expect(drawsOfEqual(draft.program([loss, gradient]), [wanted, given, numbers(6, 5)])).toBe(2);
      }
    });

    it('read several rows at one place', () => {
      for (const shape of [
        [16, 1000],
        [40, 64],
        [2, 3, 20],
      ]) {
        const draft = new ProgramDraft();
        const x = draft.argument(shape);
        const [scale, offset] = [0, 1].map(() => draft.argument(shape.slice(-1))) as [Operand, Operand];
        const moved = draft.binary('add', draft.binary('mul', x, scale), offset);
        const y = draft.unary('relu', draft.binary('sub', moved, draft.scalar(0.5)));
        const columns = shape.at(-1);
        const size = shape.reduce((a, b) => a * b);
        const given = [numbers(size, 3), numbers(columns, 5), numbers(columns, 7)];
        expect(drawsOfEqual(draft.program([y]), given)).toBe(1);
      }
    });

    for (const [filter, stride, padTop] of [
      [2, 2, 0],
      [2, 3, 0],
      [3, 2, 0],
      [3, 2, 1],
    ] as const) {
      it(`give max-pools of ${filter}×${filter} at stride ${stride} with padding ${padTop}, and their gradients`, () => {
        const out = Math.floor((11 + 2 * padTop - filter) / stride) + 1;
        const geometry: WindowGeometry = {
          batch: 2,
          inHeight: 11,
          inWidth: 11,
          inChannels: 8,
          outHeight: out,
          outWidth: out,
          outChannels: 8,
          filterHeight: filter,
          filterWidth: filter,
          strideHeight: stride,
          strideWidth: stride,
          dilationHeight: 1,
          dilationWidth: 1,
          padTop,
          padLeft: padTop,
        };
        const draft = new ProgramDraft();
        const [x, dy] = [draft.argument([2, 11, 11, 8]), draft.argument([2, out, out, 8])];
        const y = draft.step('pool', { geometry, mode: 'max' }, [x], [2, out, out, 8]);
        const dx = draft.step('maxPoolGradient', { geometry }, [dy, x], [2, 11, 11, 8]);
        const given = numbers(2 * 11 * 11 * 8, 3);
        for (const [i, value] of [NaN, NaN, -Infinity, Infinity, 0, -0].entries()) given[40 + 9 * i] = value;
        expect(drawsOfEqual(draft.program([y, dx]), [given, numbers(2 * out * out * 8, 5)])).toBe(2);
      });
    }

    it('update a small variable and a vector in one draw', () => {
      const draft = new ProgramDraft();
      const shapes = [[40, 10], [10], [7, 3], [33], [5]];
      const hyperparameters = [0.01, 0.9, 0.999, 1e-7, 0.1, 0.001];
      const captured = shapes.map((shape) => [0, 1, 2].map(() => draft.captured(shape)));
      const gradients = shapes.map((shape) => draft.argument(shape));
      const updates = shapes.flatMap((shape, i) => {
        const outputs = [0, 1, 2].map(() => draft.step('fill', { value: 0 }, [], shape));
        draft.steps.splice(-3, 3, {
          op: 'adam',
          kernel: 'update',
          attributes: { name: 'adam', hyperparameters },
          inputs: [captured[i]![0]!, gradients[i]!, captured[i]![1]!, captured[i]![2]!],
          outputs,
          varying: 0,
        });
        return outputs.map(({ slot }, k) => ({ captured: 3 * i + k, slot }));
      });
      const sizes = shapes.map((shape) => shape.reduce((a, b) => a * b));
      const draws = drawsOfEqual(
        draft.program([], updates),
        sizes.map((size, i) => numbers(size, i + 3)),
        sizes.flatMap((size, i) => [1, 2, 3].map((k) => numbers(size, 3 * i + k).map(Math.abs))),
        [{ name: 'adam', hyperparameters }],
      );
      // Of the five, [40, 10] goes with [33] and [7, 3] with [10] where a draw has targets for two; [5] is left.
      expect(draws).toBe(here().maxDrawBuffers >= 6 ? 3 : 5);
    });

    it('reduce what a chain computes without writing it', () => {
      for (const [rows, columns] of [
        [5, 12],
        [3, 7],
        [1, 5000],
      ] as const) {
        const draft = new ProgramDraft();
        const [x, y, row] = [
          draft.argument([rows, columns]),
          draft.argument([rows, columns]),
          draft.argument([rows, 1]),
        ];
        const difference = draft.binary('mul', draft.binary('sub', x, y), row);
        const squares = draft.unary('square', draft.binary('add', difference, draft.scalar(0.5)));
        const view = { outer: rows, extent: columns, inner: 1 };
        const mean = draft.step('reduce', { name: 'mean', ...view }, [squares], [rows]);
        const elu = draft.unary('elu', draft.binary('sub', x, y));
        const most = draft.step('reduce', { name: 'max', ...view }, [elu], [rows]);
        const given = [numbers(rows * columns, 3), numbers(rows * columns, 5), numbers(rows, 7)];
        expect(drawsOfEqual(draft.program([mean, most]), given)).toBe(columns > 1000 ? 4 : 2);
      }
    });
  });
}

import { expectClose } from '../../../../test/support/close';
import { ProgramDraft, runPrepared, runStepByStep } from '../../../../test/support/programs';
import { activeBackend } from '../../active-backend';
import type { Operand, Program } from '../program';
import { withBatchNormsInProducts } from './batch-norms';
import { fold } from './fold';

const values = (size: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(seed + 1.7 * i));

/** A batch normalisation by constants. */
function normalised(draft: ProgramDraft, x: Operand, channels: number): Operand {
  const row = (seed: number): Operand => draft.constant([channels], values(channels, seed));
  const variance = draft.constant(
    [channels],
    values(channels, 3).map((value) => value * value + 0.5),
  );
  return draft.step('batchNorm', { epsilon: 1e-3 }, [x, row(1), variance, row(4), row(5)], x.shape);
}

function convolved(draft: ProgramDraft, isDepthwise: boolean, withBias: boolean): Operand {
  const [inChannels, outChannels] = isDepthwise ? [4, 8] : [4, 6];
  const shape = isDepthwise ? [3, 3, 4, 2] : [3, 3, 4, 6];
  const filter = draft.constant(shape, values(9 * (isDepthwise ? 8 : 24), 7));
  const sides = { inHeight: 6, inWidth: 6, outHeight: 4, outWidth: 4, inChannels, outChannels };
  const window = { filterHeight: 3, filterWidth: 3, strideHeight: 1, strideWidth: 1 };
  const places = { dilationHeight: 1, dilationWidth: 1, padTop: 0, padLeft: 0 };
  const geometry = { batch: 1, ...sides, ...window, ...places };
  const bias = withBias ? [draft.constant([outChannels], values(outChannels, 9))] : [];
  const x = draft.argument([1, 6, 6, 4]);
  const attributes = { geometry, activation: 'linear', alpha: 0 } as const;
  return draft.step('conv2d', attributes, [x, filter, ...bias], [1, 4, 4, outChannels]);
}

function multiplied(draft: ProgramDraft, transposeB: boolean): Operand {
  const attributes = { transposeA: false, transposeB, activation: 'linear', alpha: 0 } as const;
  const weights = draft.constant(transposeB ? [1, 6, 9] : [1, 9, 6], values(54, 2));
  return draft.step('matMul', attributes, [draft.argument([1, 16, 9]), weights], [1, 16, 6]);
}

/** Expects one product in each run, whose results are close to those of the steps. */
function expectFolded(draft: ProgramDraft, product: Operand): void {
  const program = draft.program([normalised(draft, product, product.shape.at(-1)!)]);
  const found = withBatchNormsInProducts(program);
  expect(fold(found).tasks.length).toBe(1);
  const given = { arguments: [values(144, 5)] };
  const [wanted] = runStepByStep(activeBackend(), program, given);
  for (const [own] of runPrepared(activeBackend(), found, given, 2))
    expectClose(own as Float32Array, [...wanted!], { cpu: 1e-5, webgl: 1e-3 });
}

const leaves = (program: Program): void => expect(withBatchNormsInProducts(program)).toBe(program);

describe('withBatchNormsInProducts', () => {
  it('folds it into the filters of convolutions, with and without a bias', () => {
    for (const isDepthwise of [false, true]) {
      for (const withBias of [false, true]) {
        const draft = new ProgramDraft();
        expectFolded(draft, convolved(draft, isDepthwise, withBias));
      }
    }
  });

  it('folds it into the second operand of matrix products', () => {
    for (const transposeB of [false, true]) {
      const draft = new ProgramDraft();
      expectFolded(draft, multiplied(draft, transposeB));
    }
  });

  it('leaves moments and weights that may change, and products that others read', () => {
    const draft = new ProgramDraft();
    const y = convolved(draft, false, false);
    leaves(draft.program([normalised(draft, y, 6), y]));
    const moving = new ProgramDraft();
    const x = convolved(moving, false, false);
    const rows = [1, 2, 3, 4].map(() => moving.argument([6])) as [Operand, Operand, Operand, Operand];
    leaves(moving.program([moving.step('batchNorm', { epsilon: 0.1 }, [x, ...rows], x.shape)]));
    const learned = new ProgramDraft();
    const attributes = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;
    const inputs = [learned.argument([1, 16, 9]), learned.captured([1, 9, 6])];
    const product = learned.step('matMul', attributes, inputs, [1, 16, 6]);
    leaves(learned.program([normalised(learned, product, 6)]));
  });
});

import { ProgramDraft, runStepByStep } from '../../../../test/support/programs';
import { createCpuBackend } from '../../cpu';
import type { WindowGeometry } from '../../convolution';
import type { Operand, Program } from '../program';
import { withMasksBeforePools, withSmallSumsOfPools } from './max-pool-gradients';

const withSmallMaxPoolGradients = (program: Program): Program =>
  withSmallSumsOfPools(withMasksBeforePools(program));

/** A pool of windows of 2 × 2 over images of 4 × 4, with the given stride. */
function geometryOf(stride: number): WindowGeometry {
  const out = Math.floor(2 / stride) + 1;
  return {
    batch: 2,
    inHeight: 4,
    inWidth: 4,
    inChannels: 3,
    outHeight: out,
    outWidth: out,
    outChannels: 3,
    filterHeight: 2,
    filterWidth: 2,
    strideHeight: stride,
    strideWidth: stride,
    dilationHeight: 1,
    dilationWidth: 1,
    padTop: 0,
    padLeft: 0,
  };
}

/** relu → max-pool, and the gradients of both. */
function pooled(stride: number): { draft: ProgramDraft; gradient: Operand; sum: Operand; passed: Operand } {
  const geometry = geometryOf(stride);
  const { outHeight, outWidth } = geometry;
  const draft = new ProgramDraft();
  const x = draft.argument([2, 4, 4, 3]);
  const dy = draft.argument([2, outHeight, outWidth, 3]);
  const activated = draft.unary('relu', x);
  draft.step('pool', { geometry, mode: 'max' }, [activated], dy.shape);
  const passed = draft.step('maxPoolGradient', { geometry }, [dy, activated], x.shape);
  const gradient = draft.step('activationGradient', { name: 'relu', alpha: 0 }, [passed, activated], x.shape);
  const sum = draft.step('reduce', { name: 'sum', outer: 1, extent: 32, inner: 3 }, [gradient], [3]);
  return { draft, gradient, sum, passed };
}

const kernelsOf = (program: ReturnType<ProgramDraft['program']>): string[] =>
  program.steps.map(({ kernel }) => kernel);

describe('gradients of max-pools', () => {
  for (const stride of [1, 2]) {
    it(`are taken on the smaller side, windows ${stride} apart`, () => {
      const { draft, gradient, sum } = pooled(stride);
      const program = draft.program([gradient, sum]);
      const smaller = withSmallMaxPoolGradients(program);
      expect(kernelsOf(smaller)).toEqual([
        'unary',
        'pool',
        'activationGradient',
        'maxPoolGradient',
        'reduce',
      ]);
      const size = geometryOf(stride).outHeight ** 2;
      expect(smaller.steps.at(-1)!.attributes).toEqual({ name: 'sum', outer: 1, extent: 2 * size, inner: 3 });
      const backend = createCpuBackend()!;
      const values = [96, 2 * size * 3].map((length, k) =>
        Float32Array.from({ length }, (_, i) => ((i * 37 + k) % 23) - 11),
      );
      const [wanted, found] = [program, smaller].map((each) =>
        runStepByStep(backend, each, { arguments: values }),
      );
      expect(found).toEqual(wanted);
    });
  }

  it('stay as they are where what is between them is read', () => {
    const { draft, gradient, passed } = pooled(2);
    const program = draft.program([gradient, passed]);
    expect(kernelsOf(withSmallMaxPoolGradients(program))).toEqual([
      'unary',
      'pool',
      'maxPoolGradient',
      'activationGradient',
      'reduce',
    ]);
  });

  it('stay as they are for activations that are no masks', () => {
    const { draft, gradient, sum } = pooled(2);
    const program = draft.program([gradient, sum]);
    const steps = program.steps.map((step) =>
      step.kernel === 'activationGradient'
        ? { ...step, attributes: { name: 'tanh', alpha: 0 } as const }
        : step,
    );
    expect(kernelsOf(withSmallMaxPoolGradients({ ...program, steps }))).toEqual(kernelsOf(program));
  });
});

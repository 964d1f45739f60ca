import { expectClose } from '../../../test/support/close';
import { bitsOf, ProgramDraft, runPrepared, runStepByStep } from '../../../test/support/programs';
import { randomProgram } from '../../../test/support/random-programs';
import { testRun } from '../../../test/support/test-run';
import { activeBackend } from '../active-backend';
import { CpuBackend } from '../cpu/backend';
import { optimise } from './optimise';
import { withActivationsInProducts } from './passes/activations';
import { withBatchNormsInProducts } from './passes/batch-norms';
import { withBiasesInProducts } from './passes/biases';
import { withoutCommonSteps } from './passes/common-steps';
import { withoutDeadSteps } from './passes/dead-steps';
import { withoutSumsOfPads } from './passes/sums-of-pads';
import { withNarrowProducts } from './passes/narrow-products';
import { withPadsInConvolutions } from './passes/pads';
import { withTransposesInProducts } from './passes/transposes';
import type { Program } from './program';

/** Passes that give the same bits on the CPU. */
const exact: Readonly<Record<string, (program: Program) => Program>> = {
  none: (program) => program,
  withoutDeadSteps,
  withoutCommonSteps,
  withoutSumsOfPads,
  withNarrowProducts,
  withTransposesInProducts: (program) => withTransposesInProducts(program, 'first'),
  withActivationsInProducts,
  optimise,
};
/** Passes that may change the order of a sum. */
const close: Readonly<Record<string, (program: Program) => Program>> = {
  withPadsInConvolutions,
  withTransposesInProducts: (program) => withTransposesInProducts(program, 'both'),
  withBiasesInProducts,
  withBatchNormsInProducts,
  optimise: (program) => optimise(program, 'close'),
};
/** Rounding errors that further steps have magnified: each at most doubles them. */
const TOLERANCE = { cpu: 1e-4, webgl: 5e-3 };

const product = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;

/** Runs random programs before and after each pass. */
function expectSame(rounding: 'same' | 'close', passes: typeof exact): void {
  const backend = activeBackend();
  const isExact = rounding === 'same' && backend.name === 'cpu';
  const count = backend.name === 'cpu' ? 60 : 3;
  const first = 1 + ((testRun().seed ?? 0) % 1000) * count;
  for (let seed = first; seed < first + count; seed++) {
    const { program, values } = randomProgram(seed, isExact);
    const wanted = runStepByStep(backend, program, values);
    const inUse = bytesInUse();
    for (const [name, pass] of Object.entries(passes)) {
      const context = `${name}, seed ${seed}`;
      for (const found of runPrepared(backend, pass(program), values, 4)) {
        found.forEach((own, i) => {
          if (isExact) expect(bitsOf(own)).withContext(context).toEqual(bitsOf(wanted[i]!));
          else expectClose(own, [...wanted[i]!], TOLERANCE, context);
        });
      }
      expect(bytesInUse()).withContext(context).toBe(inUse);
    }
  }
}

/** Bytes that tensors and executables hold: on the CPU by the blocks in use, on WebGL by the textures. */
function bytesInUse(): number {
  const backend = activeBackend();
  if (backend instanceof CpuBackend) return backend.linear.usedBytes;
  const { reservedBytes, pooledBytes } = backend.memory();
  return reservedBytes - pooledBytes;
}

describe('programs on the backend of the run', () => {
  it('give the same after each pass, on planned memory and in chains, and leave nothing behind', () => {
    expectSame('same', exact);
  });

  it('give nearly the same where sums may be in another order', () => {
    expectSame('close', close);
  });
});

describe('optimise', () => {
  it('leaves no transpose, pad or relu beside the products that can do without them', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([1, 6, 6, 4]);
    const filter = draft.constant([3, 3, 4, 4], new Float32Array(144).fill(0.1));
    const padded = draft.step('pad', { before: [0, 1, 2, 0], mode: 'constant', value: 0 }, [x], [1, 8, 9, 4]);
    const sides = { inHeight: 8, inWidth: 9, outHeight: 6, outWidth: 7, inChannels: 4, outChannels: 4 };
    const window = { filterHeight: 3, filterWidth: 3, strideHeight: 1, strideWidth: 1 };
    const places = { dilationHeight: 1, dilationWidth: 1, padTop: 1, padLeft: 0 };
    const attributes = {
      geometry: { batch: 1, ...sides, ...window, ...places },
      activation: 'linear',
      alpha: 0,
    } as const;
    const y = draft.unary('relu6', draft.step('conv2d', attributes, [padded, filter], [1, 6, 7, 4]));
    const matrix = { slot: y.slot, shape: [42, 4] };
    const turned = draft.step('transpose', { permutation: [1, 0] }, [matrix], [4, 42]);
    const square = draft.step(
      'matMul',
      product,
      [
        { slot: turned.slot, shape: [1, 4, 42] },
        { slot: y.slot, shape: [1, 42, 4] },
      ],
      [1, 4, 4],
    );
    const program = draft.program([draft.unary('relu', square)]);
    const { steps } = optimise(program, 'close');
    expect(steps.map(({ kernel }) => kernel)).toEqual(['conv2d', 'matMul']);
    expect(steps.map(({ attributes: own }) => (own as { activation: string }).activation)).toEqual([
      'relu6',
      'relu',
    ]);
    const values = { arguments: [Float32Array.from({ length: 144 }, (_, i) => Math.sin(i))] };
    const backend = activeBackend();
    const [wanted] = runStepByStep(backend, program, values);
    const [[found]] = runPrepared(backend, optimise(program, 'close'), values, 1) as [[Float32Array]];
    expectClose(found, [...wanted!]);
  });

  it('lets products add a bias only where the last bits may differ', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([1, 5, 7]);
    const y = draft.step('matMul', product, [x, draft.argument([1, 7, 3])], [1, 5, 3]);
    const sum = draft.binary('add', { slot: y.slot, shape: [5, 3] }, draft.argument([3]));
    const program = draft.program([draft.unary('relu', sum)]);
    expect(optimise(program).steps.length).toBe(3);
    expect(optimise(program, 'close').steps.length).toBe(1);
    const values = {
      arguments: [35, 21, 3].map((n) => Float32Array.from({ length: n }, (_, i) => Math.sin(i + n))),
    };
    const [wanted] = runStepByStep(activeBackend(), program, values);
    const [[found]] = runPrepared(activeBackend(), optimise(program, 'close'), values, 1) as [[Float32Array]];
    expectClose(found, [...wanted!]);
  });

  it('keeps what others read', () => {
    const draft = new ProgramDraft();
    const a = draft.argument([1, 3, 3]);
    const y = draft.step('matMul', product, [a, a], [1, 3, 3]);
    const relu = draft.unary('relu', y);
    expect(optimise(draft.program([relu, y])).steps.length).toBe(2);
    expect(optimise(draft.program([relu, draft.unary('exp', y)])).steps.length).toBe(3);
  });

  it('does not let a product write in place of a variable', () => {
    const draft = new ProgramDraft();
    const a = draft.captured([1, 3, 3]);
    const relu = draft.unary('relu', draft.step('matMul', product, [a, a], [1, 3, 3]));
    expect(optimise(draft.program([], [{ captured: 0, slot: relu.slot }])).steps.length).toBe(2);
  });
});

import { ProgramDraft, bitsOf, runPrepared, runStepByStep } from '../../../../test/support/programs';
import { numbers } from '../../../../test/support/reference';
import { activationGradients, type ActivationGradientName } from '../../activation-gradients';
import { binaryFunctions, type BinaryName } from '../../binary-functions';
import { createCpuBackend } from '../../cpu';
import type { CpuBackend } from '../../cpu/backend';
import { unaryFunctions, type UnaryName } from '../../unary-functions';
import type { Operand, Program } from '../program';
import { withChains } from '../passes/chains';
import { fold } from '../passes/fold';
import { fitsInLoop, keyOfLoop } from './chain-loop';
import type { Schedule } from '../schedule';
import { RELAXED_ROWS_MODULE } from './relaxed-rows.wasm';
import { readRows } from './rows';
import { ROWS_MODULE } from './rows.wasm';

/** Enough runs for the chains to be compiled. */
const RUNS = 4;
const edges = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  87,
  -87,
  87.5,
  -88,
  104,
  -105,
  1e-38,
  -1e-45,
  3e38,
  -3e38,
  1048577,
  NaN,
  Infinity,
  -Infinity,
];

/** Edge values, and random ones of all magnitudes; those up to the middle are moderate, since rows have a shorter form for them. */
function floats(length: number, seed: number): Float32Array {
  const next = numbers(seed);
  const bits = Uint32Array.from({ length }, () => Math.floor(next() * 4294967296));
  const any = new Float32Array(bits.buffer);
  return any.map((x, i) =>
    i < length / 2
      ? next() * 20 - 10
      : i < length / 2 + 2 * edges.length
        ? edges[(i * 7) % edges.length]!
        : x,
  );
}

function integers(length: number, seed: number): Int32Array {
  const next = numbers(seed);
  return Int32Array.from({ length }, (_, i) =>
    i % 2 === 0 ? Math.floor(next() * 7) - 3 : Math.floor(next() * 4294967296) | 0,
  );
}

for (const level of ['simd', 'relaxed'] as const) {
  let backend: CpuBackend | null = null;
  const here = (): CpuBackend => (backend ??= createCpuBackend(level))!;
  // Not every engine has relaxed SIMD.
  if (createCpuBackend(level) === null) continue;

  /** Expects that the compiled chains give the bits of the kernels, and that there is one. */
  const expectSameBits = (
    program: Program,
    values: Parameters<typeof runPrepared>[2],
    context: string,
  ): void => {
    const wanted = runStepByStep(here(), program, values);
    const used = here().linear.usedBytes;
    for (const found of runPrepared(here(), program, values, RUNS))
      found.forEach((own, i) => expect(bitsOf(own)).withContext(context).toEqual(bitsOf(wanted[i]!)));
    expect(here().linear.usedBytes).withContext(context).toBe(used);
  };
  const rows = readRows(ROWS_MODULE);
  const fuses = (program: Program): boolean =>
    withChains(fold(program), (parts, slots) => fitsInLoop(rows, parts, slots)).tasks.some(
      ({ kernel }) => kernel === 'chain',
    );

  describe(`loops for chains, ${level}`, () => {
    const LENGTH = 211;

    it('give the bits of every unary row', () => {
      const without: string[] = [];
      for (const name of Object.keys(unaryFunctions) as UnaryName[]) {
        for (const dtype of ['float32', 'int32'] as const) {
          const draft = new ProgramDraft();
          const x = draft.argument([LENGTH], dtype);
          const y = draft.step(
            'unary',
            { name, p: -0.5, q: 2 },
            [x],
            [LENGTH],
            unaryFunctions[name].result ?? (unaryFunctions[name].int ? dtype : 'float32'),
          );
          const same = draft.step('cast', {}, [y], [LENGTH], draft.slots[y.slot]!.dtype);
          const program = draft.program([same]);
          if (!fuses(program)) without.push(`${name} ${dtype}`);
          else {
            const values = dtype === 'float32' ? floats(LENGTH, 3) : integers(LENGTH, 3);
            expectSameBits(program, { arguments: [values] }, `${name} ${dtype}`);
          }
        }
      }
      const ofFloats = without.filter((name) => name.endsWith('float32'));
      expect(ofFloats.map((name) => name.split(' ')[0]!).sort()).toEqual(
        ['acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cos', 'cosh', 'sin', 'sinh', 'tan'].sort(),
      );
    });

    it('give the bits of every binary row', () => {
      const without: string[] = [];
      for (const name of Object.keys(binaryFunctions) as BinaryName[]) {
        for (const dtype of ['float32', 'int32'] as const) {
          const row = binaryFunctions[name];
          const draft = new ProgramDraft();
          const [a, b] = [draft.argument([LENGTH], dtype), draft.argument([LENGTH], dtype)];
          const y = draft.step(
            'binary',
            { name },
            [a, b],
            [LENGTH],
            row.result ?? (row.int ? dtype : 'float32'),
          );
          const same = draft.step('cast', {}, [y], [LENGTH], draft.slots[y.slot]!.dtype);
          const program = draft.program([same]);
          if (!fuses(program)) without.push(`${name} ${dtype}`);
          else {
            const draw = dtype === 'float32' ? floats : integers;
            const values = [draw(LENGTH, 5), draw(LENGTH, 6).reverse()];
            expectSameBits(program, { arguments: values }, `${name} ${dtype}`);
          }
        }
      }
      expect(without.filter((name) => name.endsWith('float32')).sort()).toEqual(
        ['atan2', 'bitwiseAnd', 'floorDiv', 'logicalAnd', 'logicalOr', 'logicalXor', 'mod'].map(
          (name) => `${name} float32`,
        ),
      );
    });

    it('give the bits of activation gradients, casts and select', () => {
      const draft = new ProgramDraft();
      const [x, y] = [draft.argument([LENGTH]), draft.argument([LENGTH])];
      const whole = draft.argument([LENGTH], 'int32');
      const gradients = (Object.keys(activationGradients) as ActivationGradientName[]).map((name) =>
        draft.step('activationGradient', { name, alpha: 0.3 }, [x, y], [LENGTH]),
      );
      const asFloat = draft.step('cast', {}, [whole], [LENGTH], 'float32');
      const flags = [x, whole].map((from) => draft.step('cast', {}, [from], [LENGTH], 'bool'));
      const chosen = draft.step('select', {}, [flags[0]!, asFloat, draft.scalar(2)], [LENGTH]);
      const other = draft.step('select', {}, [flags[1]!, chosen, y], [LENGTH]);
      const values = [floats(LENGTH, 8), floats(LENGTH, 9).reverse(), integers(LENGTH, 4)];
      const program = draft.program(
        [...gradients, other, flags[0]!].map((own) =>
          draft.step('cast', {}, [own], [LENGTH], draft.slots[own.slot]!.dtype),
        ),
      );
      expect(fuses(program)).toBeTrue();
      expectSameBits(program, { arguments: values }, 'gradients, casts, select');
    });

    it('give the same bits for all lengths, and for scalars, rows and columns', () => {
      for (const shape of [
        [1],
        [2],
        [3],
        [4],
        [15],
        [16],
        [17],
        [63],
        [64],
        [2, 16],
        [5, 3],
        [7, 17],
        [3, 4, 32],
        [16, 10],
        [0],
        [9, 1],
        [1, 9],
      ]) {
        const draft = new ProgramDraft();
        const x = draft.argument(shape);
        const last = shape.at(-1);
        const row = draft.argument([last]);
        const column = draft.argument([...shape.slice(0, -1), 1]);
        const single = draft.argument([]);
        const binary = (name: BinaryName, a: Operand, b: Operand): Operand =>
          draft.step('binary', { name }, [a, b], shape);
        let y = binary('mul', binary('sub', x, row), single);
        y = binary('maximum', binary('add', column, y), draft.scalar(-0.5));
        const inner = draft.unary('tanh', y);
        const outer = draft.unary('exp', binary('mul', inner, x));
        const size = draft.slots[x.slot]!.size;
        const values = [
          floats(size, 11),
          floats(last, 12),
          floats(draft.slots[column.slot]!.size, 13),
          Float32Array.of(1.25),
        ];
        expectSameBits(draft.program([inner, outer]), { arguments: values }, `[${shape.join()}]`);
      }
    });

    it('give the bits of batch normalisation', () => {
      for (const [shape, period] of [
        [[33, 20], 20],
        [[5, 4, 4], 16],
        [[3, 2, 2, 7], 7],
      ] as const) {
        const draft = new ProgramDraft();
        const x = draft.argument(shape);
        const of = [0, 1, 2, 3].map(() => draft.captured([period]));
        const y = draft.step('batchNorm', { epsilon: 1e-3 }, [x, ...of], shape);
        const next = numbers(5);
        const captured = of.map(() => Float32Array.from({ length: period }, () => next() * 3));
        const values = { arguments: [floats(draft.slots[x.slot]!.size, 14)], captured };
        expectSameBits(draft.program([draft.unary('relu', y)]), values, `[${shape.join()}]`);
      }
    });

    it('keep the numbers of chains apart that have one form', () => {
      const draft = new ProgramDraft();
      const x = draft.argument([1, 8, 8]);
      const product = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;
      // NaN and the infinities are all null in JSON, and −0 is 0.
      const results = [0.5, 0.25, 0.5, 0, -0, NaN, Infinity, -Infinity].map((number) => {
        const y = draft.step('matMul', product, [x, x], [1, 8, 8]);
        return draft.unary('abs', draft.binary('add', draft.binary('mul', y, draft.scalar(number)), x));
      });
      const values = { arguments: [Float32Array.from({ length: 64 }, (_, i) => Math.sin(i))] };
      expectSameBits(draft.program(results), values, 'numbers');
      const schedule = fold(draft.program(results));
      const { tasks, slots }: Schedule = withChains(schedule, (parts, own) => fitsInLoop(rows, parts, own));
      const keys = tasks.flatMap((task) => (task.kernel === 'chain' ? [keyOfLoop(task, slots)] : []));
      expect(keys.length).toBe(8);
      expect(new Set(keys).size).toBe(7);
    });

    it('write in place of values that die', () => {
      const draft = new ProgramDraft();
      const x = draft.argument([1, 40, 40]);
      const product = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;
      let y = x;
      for (let i = 0; i < 5; i++) {
        y = draft.step('matMul', product, [y, x], [1, 40, 40]);
        y = draft.binary(
          'add',
          draft.unary('tanh', draft.binary('mul', y, draft.scalar(0.1))),
          draft.scalar(0.5),
        );
      }
      const values = { arguments: [Float32Array.from({ length: 1600 }, (_, i) => Math.sin(i))] };
      expectSameBits(draft.program([y]), values, 'in place');
    });
  });
}

describe('readRows', () => {
  it('reads all rows of both modules', () => {
    const rows = readRows(ROWS_MODULE);
    const relaxed = readRows(RELAXED_ROWS_MODULE);
    expect(rows.size).toBeGreaterThan(80);
    expect([...relaxed.keys()].every((name) => rows.has(name))).toBeTrue();
  });
});

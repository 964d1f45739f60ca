import { sizeOf, type UnaryName, type BinaryName } from '../../src/kernels';
import type { Operand, Program } from '../../src/kernels/programs/program';
import { ProgramDraft, type ProgramValues } from './programs';
import { numbers } from './reference';

const unary: readonly UnaryName[] = ['tanh', 'relu', 'sigmoid', 'neg', 'abs', 'relu6', 'softplus'];
const binary: readonly BinaryName[] = ['add', 'sub', 'mul', 'maximum', 'minimum', 'squaredDifference'];
const product = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;

/**
 * A program of random steps over matrices, rows, columns, scalars and images, and values to run it with.
 *
 * @param withJumps whether it has steps that jump, where a rounding error may change a result altogether, and values that grow
 */
export function randomProgram(
  seed: number,
  withJumps: boolean,
): { readonly program: Program; readonly values: ProgramValues } {
  const next = numbers(seed);
  const whole = (below: number): number => Math.floor(next() * below);
  const pick = <T>(list: readonly T[]): T => list[whole(list.length)]!;
  const draft = new ProgramDraft();
  const side = pick([4, 7, 16, 17, 33, 40]);
  const shapes: readonly (readonly number[])[] = [[side, side], [side, side], [side], [side, 1], []];
  const values = { arguments: [] as Float32Array[], captured: [] as Float32Array[] };
  const drawn = (shape: readonly number[], most = 2): Float32Array =>
    Float32Array.from({ length: sizeOf(shape) }, () => Math.fround((next() * 2 - 1) * most));
  const pool = shapes.map((shape, i) => {
    if (i % 2 === 0) {
      values.arguments.push(drawn(shape));
      return draft.argument(shape);
    }
    values.captured.push(drawn(shape));
    return draft.captured(shape, 'float32', next() < 0.5);
  });
  pool.push(draft.constant([side], drawn([side])), draft.scalar(Math.fround(next())));
  const image = draft.argument([1, 6, 6, 4]);
  values.arguments.push(drawn(image.shape));
  const images = [image];

  const floatOf = (x: Operand): Operand =>
    draft.slots[x.slot]!.dtype === 'float32' ? x : draft.step('cast', {}, [x], x.shape);
  const ofUnary = (x: Operand): Operand => {
    const name = pick<UnaryName>(withJumps ? [...unary, 'step', 'isNaN'] : unary);
    const dtype = name === 'isNaN' ? 'bool' : 'float32';
    return floatOf(draft.step('unary', { name, p: 0.25, q: 0 }, [x], x.shape, dtype));
  };
  const ofBinary = (a: Operand, b: Operand): Operand => {
    const rank = Math.max(a.shape.length, b.shape.length);
    const extent = ({ shape }: Operand, axis: number): number => shape[axis - rank + shape.length] ?? 1;
    const shape = Array.from({ length: rank }, (_, axis) => Math.max(extent(a, axis), extent(b, axis)));
    const name = pick<BinaryName>(withJumps ? [...binary, 'less'] : binary);
    const y = floatOf(draft.step('binary', { name }, [a, b], shape, name === 'less' ? 'bool' : 'float32'));
    // Else values grow, and a difference of great ones shows their rounding errors.
    return withJumps ? y : draft.unary('tanh', y);
  };
  const matrices = (): Operand[] => pool.filter(({ shape }) => shape.length === 2 && shape[1] === side);
  const batched = (x: Operand): Operand => ({ slot: x.slot, shape: [1, side, side] });
  const ofProduct = (): Operand => {
    const [a, b] = [pick(matrices()), pick(matrices())];
    const turned = (x: Operand): Operand =>
      next() < 0.4 ? draft.step('transpose', { permutation: [1, 0] }, [x], [side, side]) : x;
    const small = withJumps ? a : draft.binary('mul', a, draft.scalar(Math.fround(1 / side)));
    const y = draft.step('matMul', product, [batched(turned(small)), batched(turned(b))], [1, side, side]);
    const flat = { slot: y.slot, shape: [side, side] };
    if (next() < 0.2) {
      const count = 2 + whole(side - 2);
      const first = whole(side - count + 1);
      const columns = draft.step('slice', { begin: [0, first], strides: [1, 1] }, [flat], [side, count]);
      const attributes = { before: [0, first], mode: 'constant', value: 0 } as const;
      return draft.step('pad', attributes, [draft.unary('tanh', columns)], [side, side]);
    }
    const row = pick(pool.filter(({ shape }) => shape.length === 1));
    const sum = next() < 0.4 ? draft.binary('add', flat, row) : flat;
    return draft.unary(pick(['tanh', 'relu6', 'relu6']), sum);
  };
  const ofRows = (): Operand => {
    const x = pick(matrices());
    const view = { outer: side, extent: side, inner: 1, name: pick(['sum', 'max', 'mean'] as const) };
    return draft.unary('tanh', draft.step('reduce', view, [x], [side]));
  };
  /** The columns of a matrix in two parts, each changed, and joined again or added up among zeros. */
  const ofColumns = (): Operand => {
    const x = pick(matrices());
    const cut = 1 + whole(side - 1);
    const parts = [
      [0, cut],
      [cut, side - cut],
    ].map(([from, extent]) => {
      const part = draft.step('slice', { begin: [0, from!], strides: [1, 1] }, [x], [side, extent!]);
      return draft.unary(pick(['tanh', 'neg']), draft.unary('relu6', part));
    }) as [Operand, Operand];
    if (next() < 0.5) return draft.step('concat', { axis: 1 }, parts, [side, side]);
    const padded = parts.map((part, i) =>
      draft.step('pad', { before: [0, i * cut], mode: 'constant', value: 0 }, [part], [side, side]),
    ) as [Operand, Operand];
    return draft.binary('add', ...padded);
  };
  const ofImage = (): Operand => {
    const x = pick(images);
    const filter = draft.constant([3, 3, 4, 4], drawn([3, 3, 4, 4], 1 / 8));
    const padded = draft.step('pad', { before: [0, 1, 1, 0], mode: 'constant', value: 0 }, [x], [1, 8, 8, 4]);
    const own = { inHeight: 8, inWidth: 8, outHeight: 6, outWidth: 6, inChannels: 4, outChannels: 4 };
    const window = { filterHeight: 3, filterWidth: 3, strideHeight: 1, strideWidth: 1 };
    const geometry = {
      batch: 1,
      ...own,
      ...window,
      dilationHeight: 1,
      dilationWidth: 1,
      padTop: 0,
      padLeft: 0,
    };
    const y = draft.step(
      'conv2d',
      { geometry, activation: 'linear', alpha: 0 },
      [padded, filter],
      [1, 6, 6, 4],
    );
    return draft.unary(pick(['relu', 'tanh', 'relu6']), y);
  };

  for (let i = 4 + whole(24); i > 0; i--) {
    const kind = next();
    if (kind < 0.35) pool.push(ofUnary(pick(pool)));
    else if (kind < 0.75) pool.push(ofBinary(pick(pool), pick(pool)));
    else if (kind < 0.82 && withJumps) {
      const [a, b] = [pick(pool), pick(pool)];
      const condition = draft.step('cast', {}, [a], a.shape, 'bool');
      if (sizeOf(b.shape) <= 1) pool.push(draft.step('select', {}, [condition, a, b], a.shape));
    } else if (kind < 0.92) pool.push(ofProduct());
    else if (kind < 0.94) pool.push(ofRows());
    else if (kind < 0.97) pool.push(ofColumns());
    else images.push(ofImage());
  }
  const made = [...pool, ...images].filter(({ slot }) => draft.slots[slot]!.origin.kind === 'step');
  const results = made.filter((_, i) => i === made.length - 1 || next() < 0.15);
  return { program: draft.program(results.length > 0 ? results : [draft.unary('neg', pool[0]!)]), values };
}

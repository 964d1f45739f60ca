import type { Operand, Program, Step } from '../program';
import type { Chain, ChainOperand } from '../schedule';
import { rowLoopOf, outerOperands, type Walk } from '../passes/elementwise';
import { inlined, type Rows } from './rows';
import {
  ADD,
  BRANCH_IF,
  constant,
  ELSE,
  END,
  get,
  I32,
  IF,
  integer,
  LESS_UNSIGNED,
  load,
  LOOP,
  set,
  simd,
  splat,
  store,
  storeLane,
  SUBTRACT,
  tee,
  V128,
  type WasmFunction,
} from './wasm-code';

/** Elements of a turn of the compiled loops. Rows with a shorter form for usual arguments take it if it holds for a whole turn. */
const TURN = 16;
/** Rows that a turn takes together where operands repeat in all rows, which are then loaded once for these rows. */
const ROWS_TOGETHER = [4, 2];
/** More parts than so many, for rows that are taken together, make code that is too long. */
const MAX_PARTS_TOGETHER = 8;
/** More parts make code that an engine takes long to compile. */
const MAX_PARTS = 128;
/** A function has at most 1,000 parameters, and locals are named by one or two bytes; no chain of real programs comes near. */
const MAX_OPERANDS = 64;

/** The name of the row that computes a step, as the compiled loops are called; null if they have none. */
function rowNameOf({ kernel, attributes, inputs, outputs }: Step, slots: Program['slots']): string | null {
  const dtype = slots[inputs[0]!.slot]!.dtype;
  const isFloat = dtype === 'float32';
  switch (kernel) {
    case 'unary':
    case 'binary': {
      const { name } = attributes as Step<'unary' | 'binary'>['attributes'];
      return `${isFloat ? kernel : kernel === 'unary' ? 'intUnary' : 'intBinary'}_${name}`;
    }
    case 'activationGradient':
      return `gradient_${(attributes as Step<'activationGradient'>['attributes']).name}`;
    case 'select':
      return 'select';
    case 'cast': {
      const to = slots[outputs[0]!.slot]!.dtype;
      if (to === dtype || (dtype === 'bool' && to === 'int32')) return 'same';
      if (to === 'float32') return 'cast_intToFloat';
      return to === 'bool' ? `cast_${isFloat ? 'float' : 'int'}ToBool` : null;
    }
    default:
      return null;
  }
}

/** The numbers that a row takes besides its vectors. */
function numbersOf({ kernel, attributes }: Step): readonly number[] {
  if (kernel === 'unary') {
    const { p, q } = attributes as Step<'unary'>['attributes'];
    return [p, q];
  }
  if (kernel === 'activationGradient')
    return [(attributes as Step<'activationGradient'>['attributes']).alpha];
  return [];
}

/** Whether a loop can be made for the steps, which have one shape, over these operands: inputs, then outputs. */
export function fitsInLoop(
  rows: Rows,
  parts: readonly Step[],
  slots: Program['slots'],
  operands: readonly ChainOperand[] = outerOperands(parts),
): boolean {
  if (parts.length > MAX_PARTS) return false;
  const loop = rowLoopOf(parts[0]!.outputs[0]!.shape, operands);
  if (!loop || loop.walks.length > MAX_OPERANDS || loop.walks.some(({ column }) => column > 1)) return false;
  const isEven = loop.rows === 1 || loop.columns % TURN === 0;
  return parts.every((part) => {
    const name = rowNameOf(part, slots);
    return name === 'same' || (name !== null && rows.has(name) && (isEven || !rows.has(`${name}_common`)));
  });
}

/** A text that is the same for chains with the same loop: what differs are the numbers of their slots, and the names of their ops. */
export function keyOfLoop({ inputs, outputs, parts }: Chain, slots: Program['slots']): string {
  const numbers = new Map<number, number>();
  const kindOf = (slot: number): unknown => {
    const { dtype, size, origin } = slots[slot]!;
    const number = numbers.get(slot) ?? numbers.size;
    numbers.set(slot, number);
    // The loop holds constants of one element.
    return [number, dtype, size === 1 && origin.kind === 'constant' && origin.values[0]];
  };
  return JSON.stringify([inputs, outputs, parts], (name, value: unknown) => {
    if (name === 'op') return undefined;
    if (name === 'slot') return kindOf(value as number);
    // JSON has no infinities, no NaN and no −0.
    return typeof value === 'number' ? `${value} ${1 / value}` : value;
  });
}

/** A vector of a turn: the column where it begins, in vectors, and its row among those that are taken together. */
interface Cell {
  readonly row: number;
  readonly vector: number;
}

const bitsOf = (value: number, isFloat: boolean): number =>
  isFloat ? new Int32Array(new Float32Array([value]).buffer)[0]! : value | 0;

/**
 * A loop that computes a chain: its parameters are the addresses of the chain's inputs, then of its outputs. Sizes are constants of the
 * code. An output may lie in the place of an input of its size: each turn reads before it writes.
 *
 * The loop stores whole vectors up to the end of an output's last vector, which memory of the backend always has room for.
 */
export function chainLoop(rows: Rows, chain: Chain, slots: Program['slots']): WasmFunction {
  const { inputs, outputs, parts } = chain;
  const operands = [...inputs, ...outputs];
  const { rows: rowCount, columns, walks } = rowLoopOf(parts[0]!.outputs[0]!.shape, operands)!;
  const together = rowsTogether(rows, chain, slots, rowCount, walks);
  const parameters = operands.length;
  const locals: number[] = [];
  const local = (type: number): number => parameters + locals.push(type) - 1;
  const [rest, at, end] = [local(I32), local(I32), local(I32)];

  const scratch: number[] = [];
  const scratchOf = (number: number): number => (scratch[number] ??= local(V128));
  const before: number[] = [];
  const perRow: number[] = [];
  const constants = new Map<number, number>();
  const constantOf = (bits: number): number => {
    let own = constants.get(bits);
    if (own === undefined) {
      own = local(V128);
      constants.set(bits, own);
      before.push(...constant(bits), ...set(own));
    }
    return own;
  };
  const keyOf = ({ slot, shape }: Operand): string => `${slot}:${shape.join()}`;
  const keys = inputs.map((operand) => keyOf(operand.part ?? operand));
  operands.forEach(({ part }, i) => {
    if (part) before.push(...get(i), ...integer(part.offset * 4), ADD, ...set(i));
  });

  /** One element for a whole row, or for all: its locals, one for each of the rows together. Others are read anew in each turn. */
  const repeated = new Map<string, readonly number[]>();
  const eachRow = <T>(of: (row: number) => T): T[] => Array.from({ length: together }, (_, row) => of(row));
  inputs.forEach((operand, i) => {
    const walk = walks[i]!;
    if (walk.column === 1) return;
    const { origin, dtype } = slots[operand.slot]!;
    if (walk.row === 0 && origin.kind === 'constant') {
      const own = constantOf(bitsOf(origin.values[0]!, dtype === 'float32'));
      repeated.set(
        keys[i]!,
        eachRow(() => own),
      );
    } else if (walk.row === 0) {
      const own = local(V128);
      repeated.set(
        keys[i]!,
        eachRow(() => own),
      );
      before.push(...get(i), ...splat(0), ...set(own));
    } else {
      const own = eachRow(() => local(V128));
      repeated.set(keys[i]!, own);
      own.forEach((each, row) => perRow.push(...get(i), ...splat(4 * row * walk.row), ...set(each)));
    }
  });

  /** The locals of a value's vectors in a turn, by position: made at its first use, and used again by each turn. */
  const vectors = new Map<string, number>();
  const vectorOf = (name: string, vector: number): number => {
    const key = `${name}/${vector}`;
    let own = vectors.get(key);
    if (own === undefined) vectors.set(key, (own = local(V128)));
    return own;
  };
  /** The vector of a value that is not the same in all rows: rows together come one after the other, and use the same locals. */
  const ownVectorOf = (name: string, { vector }: Cell): number => vectorOf(name, together > 1 ? 0 : vector);
  const addressOf = (operand: number, { row, vector }: Cell): number =>
    4 * row * walks[operand]!.row + 16 * vector;

  /** Computes `count` vectors of each row from the address `at` on, and stores them, of the last only `lanes` lanes. */
  const turn = (count: number, isWhole: boolean, lanes: number): number[] => {
    const code: number[] = [];
    const own = new Set(parts.map((part) => part.outputs[0]!.slot));
    const loaded = new Set<string>();
    const argument = (operand: Operand, cell: Cell): number => {
      if (own.has(operand.slot)) return ownVectorOf(`of ${operand.slot}`, cell);
      const key = keyOf(operand);
      const same = repeated.get(key);
      if (same !== undefined) return same[cell.row]!;
      const input = keys.indexOf(key);
      const repeats = walks[input]!.row === 0;
      const result = repeats ? vectorOf(key, cell.vector) : ownVectorOf(key, cell);
      const once = `${key}/${repeats ? 0 : cell.row}/${cell.vector}`;
      if (!loaded.has(once)) {
        loaded.add(once);
        code.push(...get(input), ...get(at), ADD, ...load(addressOf(input, cell)), ...set(result));
      }
      return result;
    };
    const compute = (cells: readonly Cell[]): void => {
      for (const part of parts) {
        const name = rowNameOf(part, slots)!;
        const numbers = numbersOf(part).map((value) => constantOf(bitsOf(value, true)));
        const args = cells.map((cell) => [
          ...part.inputs.map((operand) => argument(operand, cell)),
          ...numbers,
        ]);
        const results = cells.map((cell) => ownVectorOf(`of ${part.outputs[0]!.slot}`, cell));
        const all = (row: string): number[] =>
          args.flatMap((own, i) => [...inlined(rows.get(row)!, own, scratchOf), ...set(results[i]!)]);
        if (name === 'same') {
          args.forEach(([x], i) => code.push(...get(x!), ...set(results[i]!)));
        } else if (isWhole && rows.has(`${name}_common`)) {
          code.push(...isUnusual(name, args), ...IF, ...all(name), ELSE, ...all(`${name}_common`), END);
        } else {
          code.push(...all(name));
        }
      }
    };
    const write = (cell: Cell): void => {
      outputs.forEach((output, i) => {
        const to = inputs.length + i;
        const value = get(ownVectorOf(`of ${(output.part ?? output).slot}`, cell));
        const offset = addressOf(to, cell);
        if (cell.vector < count - 1 || lanes === 4) {
          code.push(...get(to), ...get(at), ADD, ...value, ...store(offset));
        } else {
          for (let lane = 0; lane < lanes; lane++)
            code.push(...get(to), ...get(at), ADD, ...value, ...storeLane(offset + 4 * lane, lane));
        }
      });
    };
    const cells = Array.from({ length: count * together }, (_, i): Cell => ({
      vector: Math.floor(i / together),
      row: i % together,
    }));
    for (const group of together > 1 ? cells.map((cell) => [cell]) : [cells]) {
      compute(group);
      group.forEach(write);
    }
    return code;
  };

  /** Whether the greatest of the bits of all vectors reaches the limit of the shorter form. */
  const isUnusual = (name: string, args: readonly number[][]): number[] => {
    const bits = args.map((own) => inlined(rows.get(`${name}_bits`)!, own, scratchOf));
    const greatest = bits.flatMap((code, i) => (i === 0 ? code : [...code, ...simd(185)]));
    return [...greatest, ...inlined(rows.get(`${name}_limit`)!, [], scratchOf), ...simd(64), ...simd(83)];
  };

  const turns = Math.floor(columns / TURN);
  const behind = columns % TURN;
  const mayPassTheEnd = rowCount === 1 && outputs.every(({ part }) => part === undefined);
  const lastLanes = mayPassTheEnd || behind % 4 === 0 ? 4 : behind % 4;
  const row = [
    ...perRow,
    ...integer(0),
    ...set(at),
    ...(turns === 0
      ? []
      : [
          ...integer(turns * TURN * 4),
          ...set(end),
          ...LOOP,
          ...turn(TURN / 4, true, 4),
          ...[...get(at), ...integer(TURN * 4), ADD, ...tee(at), ...get(end), LESS_UNSIGNED, ...BRANCH_IF],
          END,
        ]),
    ...(behind === 0 ? [] : turn(Math.ceil(behind / 4), false, lastLanes)),
  ];
  const advance = walks.flatMap((walk, i) =>
    walk.row === 0 ? [] : [...get(i), ...integer(walk.row * 4 * together), ADD, ...set(i)],
  );
  const code =
    rowCount === together
      ? row
      : [
          ...integer(rowCount / together),
          ...set(rest),
          ...LOOP,
          ...row,
          ...advance,
          ...[...get(rest), ...integer(1), SUBTRACT, ...tee(rest), ...BRANCH_IF],
          END,
        ];
  // `before` is complete only now: turns add constants to it.
  return { parameters, locals, code: [...before, ...code] };
}

/**
 * How many rows a turn takes together. Each vector is then computed from its beginning to its end before the next: rows with a shorter form for
 * usual arguments are asked for a whole turn.
 */
function rowsTogether(
  rows: Rows,
  { inputs, parts }: Chain,
  slots: Program['slots'],
  rowCount: number,
  walks: readonly Walk[],
): number {
  const repeats = inputs.some((_, i) => walks[i]!.row === 0 && walks[i]!.column === 1);
  const hasShorterForm = parts.some((part) => rows.has(`${rowNameOf(part, slots)!}_common`));
  if (rowCount === 1 || !repeats || hasShorterForm || parts.length > MAX_PARTS_TOGETHER) return 1;
  return ROWS_TOGETHER.find((count) => rowCount % count === 0) ?? 1;
}

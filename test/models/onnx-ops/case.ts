/** What the cases of ONNX's ops are made of: an op with drawn inputs and attributes. */
import type { ElementName, OnnxAttribute } from '../../support/onnx-files';

/** Draws numbers; the same ones for the same seed. */
export interface Draw {
  /** A whole number from `least` to `greatest`. */
  readonly int: (least: number, greatest: number) => number;
  readonly real: (least: number, greatest: number) => number;
  readonly flag: () => boolean;
  readonly pick: <T>(values: readonly T[]) => T;
  readonly shape: (rank: number, greatest?: number) => number[];
  readonly shuffled: (length: number) => number[];
}

/** The generator of Park and Miller 1988. */
export function drawFrom(seed: number): Draw {
  let state = (seed % 2147483646) + 1;
  const unit = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  for (let i = 0; i < 3; i++) unit();
  const int = (least: number, greatest: number): number =>
    least + Math.floor(unit() * (greatest - least + 1));
  return {
    int,
    real: (least, greatest) => Math.fround(least + unit() * (greatest - least)),
    flag: () => unit() < 0.5,
    pick: (values) => values[int(0, values.length - 1)]!,
    shape: (rank, greatest = 4) => Array.from({ length: rank }, () => int(1, greatest)),
    shuffled: (length) => {
      const list = Array.from({ length }, (_, i) => i);
      for (let i = length - 1; i > 0; i--) {
        const j = int(0, i);
        [list[i], list[j]] = [list[j]!, list[i]!];
      }
      return list;
    },
  };
}

export interface Input {
  readonly type: ElementName;
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** Whether the file has it. */
  readonly isWeight: boolean;
}

export interface OpCase {
  /** null: left out. */
  readonly inputs: readonly (Input | null)[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly outputs?: readonly ElementName[];
  readonly opset?: number;
  /** How far a value may be off, relative to the greatest; 1e-5 by default. */
  readonly tolerance?: number;
}

export type Cases = Readonly<Record<string, (draw: Draw) => OpCase>>;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, extent) => size * extent, 1);

/** Drawn numbers as an input. */
export function reals(draw: Draw, shape: readonly number[], least = -2, greatest = 2): Input {
  const values = Array.from({ length: sizeOf(shape) }, () => draw.real(least, greatest));
  return { type: 'float', shape, values, isWeight: false };
}

export function integers(
  draw: Draw,
  shape: readonly number[],
  least: number,
  greatest: number,
  type: ElementName = 'int64',
): Input {
  const values = Array.from({ length: sizeOf(shape) }, () => draw.int(least, greatest));
  return { type, shape, values, isWeight: false };
}

export const bools = (draw: Draw, shape: readonly number[]): Input => integers(draw, shape, 0, 1, 'bool');

export const weight = (input: Input): Input => ({ ...input, isWeight: true });

/** A list of whole numbers that the file has. */
export const list = (values: readonly number[], type: ElementName = 'int64'): Input => ({
  type,
  shape: [values.length],
  values,
  isWeight: true,
});

export const single = (value: number, type: ElementName = 'float'): Input => ({
  type,
  shape: [],
  values: [value],
  isWeight: true,
});

/** A shape that broadcasts with this one. */
export const repeatable = (draw: Draw, shape: readonly number[]): number[] =>
  shape.slice(draw.int(0, shape.length)).map((extent) => (draw.flag() ? extent : 1));

/** The rank of a tensor as a type: `Tensor<Rank.R2>` is `Tensor2D`. */
export enum Rank {
  /** A scalar, without axes. */
  R0 = 'R0',
  /** A vector: one axis. */
  R1 = 'R1',
  /** A matrix: two axes. */
  R2 = 'R2',
  /** Three axes. */
  R3 = 'R3',
  /** Four axes. */
  R4 = 'R4',
  /** Five axes. */
  R5 = 'R5',
  /** Six axes. */
  R6 = 'R6',
}

/** The type of `shape` for each rank. */
export interface ShapeMap {
  /** An empty shape. */
  R0: [];
  /** One extent. */
  R1: [number];
  /** Two extents. */
  R2: [number, number];
  /** Three extents. */
  R3: [number, number, number];
  /** Four extents. */
  R4: [number, number, number, number];
  /** Five extents. */
  R5: [number, number, number, number, number];
  /** Six extents. */
  R6: [number, number, number, number, number, number];
}

/** The type of `array()` for each rank. */
export interface ArrayMap {
  /** The number itself. */
  R0: number;
  /** A list of numbers. */
  R1: number[];
  /** Lists nested two deep. */
  R2: number[][];
  /** Lists nested three deep. */
  R3: number[][][];
  /** Lists nested four deep. */
  R4: number[][][][];
  /** Lists nested five deep. */
  R5: number[][][][][];
  /** Lists nested six deep. */
  R6: number[][][][][][];
}

interface Below {
  R0: Rank;
  R1: Rank.R0;
  R2: Rank.R1;
  R3: Rank.R2;
  R4: Rank.R3;
  R5: Rank.R4;
  R6: Rank.R5;
}

interface Above {
  R0: Rank.R1;
  R1: Rank.R2;
  R2: Rank.R3;
  R3: Rank.R4;
  R4: Rank.R5;
  R5: Rank.R6;
  R6: Rank;
}

/** The rank with an axis less. */
export type RankBelow<R extends Rank> = Rank extends R ? Rank : Below[R];
/** The rank with an axis more. */
export type RankAbove<R extends Rank> = Rank extends R ? Rank : Above[R];

interface RankOfLength {
  0: Rank.R0;
  1: Rank.R1;
  2: Rank.R2;
  3: Rank.R3;
  4: Rank.R4;
  5: Rank.R5;
  6: Rank.R6;
}

/** The rank of a shape that is written out, as in `[4, 5, 3]`; any rank where the compiler knows only that it is a list of numbers. */
export type RankOf<S extends readonly number[]> = S['length'] extends keyof RankOfLength
  ? RankOfLength[S['length']]
  : Rank;

/** The rank of values that are made into a tensor, by how deeply their arrays are nested. */
export type RankOfValues<V> = 0 extends 1 & V
  ? Rank
  : V extends number | boolean
    ? Rank.R0
    : V extends readonly (number | boolean)[] | ArrayBufferView
      ? Rank.R1
      : V extends readonly (readonly (number | boolean)[] | ArrayBufferView)[]
        ? Rank.R2
        : V extends readonly (readonly (readonly (number | boolean)[] | ArrayBufferView)[])[]
          ? Rank.R3
          : Rank;

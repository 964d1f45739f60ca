import { markOwn, sizeOf, stridesOf, type DataType, type DataTypeMap, type TypedArray } from '../kernels';
import { forget } from './abandoned';
import type { ChainedMethods } from './chained-methods';
import { readsNow, readValues, readValuesNow, type Storage } from './device';
import { formatTensor } from './format';
import { noteBirth, noteDeath } from './births';
import { toNestedArray } from './nested-array';
import type { ArrayMap, Rank, ShapeMap } from './rank';
import { adoptNew, type Scope } from './extent';
import { formatShape } from './shape';
import type { Edge } from './tape';
import { living } from './tensor-count';

let nextId = 0;

/** Why a tensor can no longer be used. */
type Ending = 'dispose' | Scope;

/**
 * Numbers in an n-dimensional array: immutable, of one element type, stored by the backend in use.
 *
 * Made by {@link tensor} and its relatives and by ops. Whoever opened the innermost scope ({@link tidy}, or a
 * stream's emission) frees it; outside of every scope call {@link Tensor.dispose}, or declare it with `using`.
 */
export class Tensor<R extends Rank = Rank> {
  static {
    markOwn(this);
  }

  /** Unique for as long as the program runs. */
  readonly id = nextId++;
  /** Extent of each axis; [] for a scalar. */
  readonly shape: ShapeMap[R];
  /** The type of the elements: float32, int32 or bool. */
  readonly dtype: DataType;
  /** Number of elements. */
  readonly size: number;
  /** Where the values are. Views of one tensor share it. For kernels; not part of the public contract. */
  storage: Storage;
  /** By what the backend that holds the values knows them. For kernels; not part of the public contract. */
  get handle(): unknown {
    // eslint-disable-next-line no-restricted-syntax -- what the door hands to kernels: nobody else asks for it
    return this.storage.handle;
  }

  /** Where this tensor stands on the tape; null for a constant. For the tape. */
  edge: Edge | null = null;
  private ending: Ending | null = null;
  private kept = false;
  /** Whether a scope frees it; false outside of every scope. Kept by the scopes. */
  isScoped = false;
  /** Whether its storage is given back should it be collected. Kept by abandoned.ts. */
  isRegistered = false;

  /**
   * Takes over one reference to `storage`. For dispatch and the constructors: programs use {@link tensor}.
   *
   * @param isView whether others go on to use the storage: it gets a reference more then
   * @param ownership 'scope': the innermost scope frees it; 'manual': whoever makes it does; 'hidden': as manual, and
   *   it is not counted (what a tape remembers)
   */
  constructor(
    storage: Storage,
    shape: readonly number[],
    dtype: DataType,
    ownership: Ownership = 'scope',
    isView = false,
  ) {
    this.storage = storage;
    this.shape = shape as ShapeMap[R];
    this.dtype = dtype;
    this.size = sizeOf(shape);
    // The last call either succeeds or changes nothing, should the engine's stack run over in it; then come assignments.
    if (ownership !== 'hidden') {
      noteBirth(this);
      if (ownership === 'scope') adoptNew(this);
      else living.tensors++;
    }
    if (isView) storage.references++;
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Name of this rank in {@link Rank}. */
  get rankType(): R {
    return `R${this.shape.length}` as R;
  }

  /** Elements to step over to get to the next index of each axis but the last, whose stride is 1. */
  get strides(): number[] {
    return stridesOf(this.shape).slice(0, -1);
  }

  /** Whether the values were freed, by {@link Tensor.dispose} or by the scope that owned the tensor. */
  get isDisposed(): boolean {
    return this.ending !== null;
  }

  /** True after {@link keep}: no scope frees it. */
  get isKept(): boolean {
    return this.kept;
  }

  /** For {@link keep}. */
  markKept(): void {
    this.assertUsable('keep', 'tensor');
    this.kept = true;
  }

  /**
   * Frees the values now (on the device too), unless another view still uses them.
   *
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * const a = dl.tensor1d([1, 2]);
   * a.dispose();
   * console.log(a.isDisposed); // true
   * ```
   */
  dispose(): void {
    if (this.ending !== null) return;
    forget(this);
    this.end('dispose');
  }

  /** As {@link Tensor.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** For scopes: frees the tensor as the scope that owns it closes. */
  disposeWith(scope: Scope): void {
    this.end(scope);
  }

  /** For whoever made it: frees a tensor that was made with ownership 'hidden'. */
  disposeHidden(): void {
    if (this.ending !== null) return;
    this.storage.release();
    this.ending = 'dispose';
    this.edge = null;
  }

  /** The deepest call comes first: where the engine's stack runs over in it, the tensor is as it was, to be freed later. */
  private end(ending: Ending): void {
    this.storage.release();
    this.ending = ending;
    this.edge = null;
    living.tensors--;
    noteDeath(this);
  }

  /** Checks that the tensor is alive. For ops and operators. @throws when it was disposed; the message says where it was freed */
  assertUsable(op: string, argument: string): void {
    if (this.ending === null) return;
    throw new Error(
      `${op}: argument '${argument}' is tensor #${this.id} of shape ${formatShape(this.shape)}, ${describe(this.ending)}`,
    );
  }

  /**
   * A copy of the values, row-major, as they are now. Does not block: on WebGL it waits for a fence. The tensor may be
   * disposed right after the call.
   *
   * @throws when the tensor was disposed (the promise is rejected)
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * const a = dl.tensor1d([1, 2, 3]);
   * console.log(await a.data()); // Float32Array [1, 2, 3]
   * a.dispose();
   * ```
   */
  async data<D extends DataType = DataType>(): Promise<DataTypeMap[D]> {
    return (await readValues('data', this)) as DataTypeMap[D];
  }

  /** As {@link Tensor.data}, blocking until the device is done. */
  dataSync<D extends DataType = DataType>(): DataTypeMap[D] {
    return readValuesNow('dataSync', this) as DataTypeMap[D];
  }

  /** The values as nested arrays (a number for a scalar). Does not block. */
  async array(): Promise<ArrayMap[R]> {
    return toNestedArray(this.shape, await readValues('array', this)) as ArrayMap[R];
  }

  /** As {@link Tensor.array}, blocking until the device is done. */
  arraySync(): ArrayMap[R] {
    return toNestedArray(this.shape, readValuesNow('arraySync', this, 'await array()')) as ArrayMap[R];
  }

  /** The values as text. Blocks. @param verbose also tells dtype, rank and shape */
  toString(verbose = false): string {
    return formatTensor(readValuesNow('toString', this), this.shape, this.dtype, verbose);
  }

  /**
   * Writes the values to the console. Blocks; where the device reads asynchronously only, they are written when they have come.
   *
   * @param verbose also tells dtype, rank and shape
   */
  print(verbose = false): void {
    const { shape, dtype } = this;
    const write = (values: TypedArray): void => console.log(formatTensor(values, shape, dtype, verbose));
    if (readsNow(this)) write(readValuesNow('print', this));
    else void readValues('print', this).then(write);
  }
}

/** The chainable forms of the ops. */
export interface Tensor<R extends Rank = Rank> extends ChainedMethods<R> {}

/** Who frees a tensor; see the constructor. */
export type Ownership = 'scope' | 'manual' | 'hidden';

/** A tensor of no axis: one number. */
export type Scalar = Tensor<Rank.R0>;
/** A tensor of one axis: a vector. */
export type Tensor1D = Tensor<Rank.R1>;
/** A tensor of two axes: a matrix. */
export type Tensor2D = Tensor<Rank.R2>;
/** A tensor of three axes: an image [height, width, channels], say. */
export type Tensor3D = Tensor<Rank.R3>;
/** A tensor of four axes: a batch of images [batch, height, width, channels], say. */
export type Tensor4D = Tensor<Rank.R4>;
/** A tensor of five axes. */
export type Tensor5D = Tensor<Rank.R5>;
/** A tensor of six axes. */
export type Tensor6D = Tensor<Rank.R6>;

let adviceOnEmissions = '';

/** For whoever opens emissions: says what else, beside `keep`, makes a tensor outlive its emission. It ends the message. */
export function adviseOnEmissions(advice: string): void {
  adviceOnEmissions = advice;
}

function describe(ending: Ending): string {
  if (ending === 'dispose') return 'which was disposed; wanted a live tensor';
  if (ending.kind === 'tidy') {
    return (
      `which was freed at the end of the scope '${ending.label}' that it was made in; ` +
      'wanted a live tensor: return it from the tidy, or keep() it'
    );
  }
  return (
    `which was made in an emission of ${ending.label} that has ended. A tensor made during an emission lives until that ` +
    `emission ends. To have it longer: keep(tensor.clone())${adviceOnEmissions}`
  );
}

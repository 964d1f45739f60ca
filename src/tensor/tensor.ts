import { markOwn, sizeOf, stridesOf, type DataType, type DataTypeMap, type TypedArray } from '../kernels';
import { forget } from './abandoned';
import { noteDry } from './dry-run';
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
 * An n-dimensional array of numbers of one type. It is immutable; a backend stores the values.
 *
 * Tensors are made by {@link tensor}, similar functions, and ops. The innermost scope ({@link tidy}, or a stream's
 * emission) frees them. Outside of every scope call {@link Tensor.dispose}, or declare the tensor with `using`.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => {
 *   const x = dl.tensor2d([[1, 2], [3, 4]]);
 *   console.log(x.shape, x.dtype); // [2, 2] float32
 *   x.transpose().matMul(x).print(); // [[10, 14], [14, 20]]
 * });
 * ```
 */
export class Tensor<R extends Rank = Rank> {
  static {
    markOwn(this);
  }

  /** A number that no other tensor of this program has. */
  readonly id = nextId++;
  /** Extent of each axis; [] for a scalar. */
  readonly shape: ShapeMap[R];
  /** The type of the elements: float32, int32 or bool. */
  readonly dtype: DataType;
  /** Number of elements. */
  readonly size: number;
  /** The storage of the values. Views of one tensor share it. For kernels; not part of the public contract. */
  storage: Storage;
  /** The backend's reference to the values. For kernels; not part of the public contract. */
  get handle(): unknown {
    // eslint-disable-next-line no-restricted-syntax -- what the door hands to kernels: nobody else asks for it
    return this.storage.handle;
  }

  /** For the tape: the node that made this tensor; null for a constant. */
  edge: Edge | null = null;
  private ending: Ending | null = null;
  private kept = false;
  /** Whether a scope owns it. Set by extent.ts and abandoned.ts. */
  isScoped = false;
  /** Whether its storage is freed if the garbage collector takes the tensor. Set by abandoned.ts. */
  isRegistered = false;

  /**
   * Takes over one reference to `storage`. Internal: programs use {@link tensor}.
   *
   * @param isView whether another tensor uses the storage too: then a reference is added
   * @param ownership 'scope': the innermost scope frees it; 'manual': the caller does; 'hidden': as 'manual', and it
   *   is not counted (tensors that the tape saves)
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
    // If the engine's stack overflows in the last call, nothing has changed; after it come only assignments.
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

  /** Row-major strides, in elements, of all axes but the last, whose stride is 1. */
  get strides(): number[] {
    return stridesOf(this.shape).slice(0, -1);
  }

  /** Whether the tensor has been freed, by {@link Tensor.dispose} or by its scope. */
  get isDisposed(): boolean {
    return this.ending !== null;
  }

  /** Whether {@link keep} was called: no scope frees the tensor. */
  get isKept(): boolean {
    return this.kept;
  }

  /** For {@link keep}. */
  markKept(): void {
    this.assertUsable('keep', 'tensor');
    this.kept = true;
    noteDry(this);
  }

  /**
   * Frees the tensor, and its values on the device unless a view still uses them. Does nothing if it has been freed.
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

  /** For scopes: frees the tensor when its scope ends. */
  disposeWith(scope: Scope): void {
    this.end(scope);
  }

  /** Frees a tensor that was made with ownership 'hidden'. */
  disposeHidden(): void {
    if (this.ending !== null) return;
    this.storage.release();
    this.ending = 'dispose';
    this.edge = null;
  }

  /** The deepest call comes first: if the engine's stack overflows in it, nothing has changed, and the tensor can be freed later. */
  private end(ending: Ending): void {
    this.storage.release();
    this.ending = ending;
    this.edge = null;
    living.tensors--;
    noteDeath(this);
  }

  /** For ops and operators: checks that the tensor is alive. @throws when it has been freed; the message says where */
  assertUsable(op: string, argument: string): void {
    if (this.ending === null) return;
    throw new Error(
      `${op}: argument '${argument}' is tensor #${this.id} of shape ${formatShape(this.shape)}, ${describe(this.ending)}`,
    );
  }

  /**
   * Resolves to a copy of the values at the call, row-major. Does not block. The tensor may be disposed right after the
   * call.
   *
   * @throws (rejects) when the tensor has been disposed
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

  /** As {@link Tensor.data}, but blocks until the device is done. @throws when the backend can only read asynchronously */
  dataSync<D extends DataType = DataType>(): DataTypeMap[D] {
    return readValuesNow('dataSync', this) as DataTypeMap[D];
  }

  /** Resolves to the values as nested arrays, for a scalar as a number. Does not block. */
  async array(): Promise<ArrayMap[R]> {
    return toNestedArray(this.shape, await readValues('array', this)) as ArrayMap[R];
  }

  /** As {@link Tensor.array}, but blocks until the device is done. @throws when the backend can only read asynchronously */
  arraySync(): ArrayMap[R] {
    return toNestedArray(this.shape, readValuesNow('arraySync', this, 'await array()')) as ArrayMap[R];
  }

  /**
   * The values as text. Blocks until the device is done.
   *
   * @param verbose also shows dtype, rank and shape
   * @throws when the backend can only read asynchronously
   */
  toString(verbose = false): string {
    return formatTensor(readValuesNow('toString', this), this.shape, this.dtype, verbose);
  }

  /**
   * Writes the values to the console. Blocks until the device is done; where it can only read asynchronously, writes them later.
   *
   * @param verbose also shows dtype, rank and shape
   */
  print(verbose = false): void {
    const { shape, dtype } = this;
    const write = (values: TypedArray): void => console.log(formatTensor(values, shape, dtype, verbose));
    if (readsNow(this)) write(readValuesNow('print', this));
    else void readValues('print', this).then(write);
  }
}

/** The ops as methods. */
export interface Tensor<R extends Rank = Rank> extends ChainedMethods<R> {}

/** Who frees a tensor; see the constructor. */
export type Ownership = 'scope' | 'manual' | 'hidden';

/** A tensor without axes: one number. */
export type Scalar = Tensor<Rank.R0>;
/** A tensor with one axis: a vector. */
export type Tensor1D = Tensor<Rank.R1>;
/** A tensor with two axes: a matrix. */
export type Tensor2D = Tensor<Rank.R2>;
/** A tensor with three axes, such as an image [height, width, channels]. */
export type Tensor3D = Tensor<Rank.R3>;
/** A tensor with four axes, such as a batch of images [batch, height, width, channels]. */
export type Tensor4D = Tensor<Rank.R4>;
/** A tensor with five axes. */
export type Tensor5D = Tensor<Rank.R5>;
/** A tensor with six axes. */
export type Tensor6D = Tensor<Rank.R6>;

let adviceOnEmissions = '';

/** For streams: sets the end of the message for a tensor whose emission has ended, which names operators that make tensors live longer. */
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

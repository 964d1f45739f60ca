import { sameShape } from '../kernels';
import { described } from '../tensor/argument';
import { isPlainObject, isTensor } from '../tensor/container';
import type { Tensor } from '../tensor/tensor';
import { Variable } from '../tensor/variable';

/** What one program can be used for: arguments of the same structure, shapes, types and plain values. */
export interface Signature {
  /** Equal for arguments that one program fits. */
  readonly key: string;
  /** The tensors in the arguments, each once, without variables, which are captured like those that the function finds elsewhere. */
  readonly tensors: readonly Tensor[];
  /** The numbers in the arguments, by their place. */
  readonly numbers: ReadonlyMap<string, number>;
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0;

/** A number for an object that no other object has. */
function identityOf(object: object): number {
  let identity = identities.get(object);
  if (identity === undefined) identities.set(object, (identity = nextIdentity++));
  return identity;
}

/** @throws for an argument whose values could change without a change of the key */
export function signatureOf(name: string, args: readonly unknown[]): Signature {
  const tensors: Tensor[] = [];
  const numbers = new Map<string, number>();
  const open = new Set<object>();
  const wanted = 'tensors, functions and plain values, in arrays and plain objects';

  const keyOf = (value: unknown, place: string): string => {
    if (typeof value === 'number') {
      numbers.set(place, value);
      return Object.is(value, -0) ? '-0' : String(value);
    }
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'function') return `function ${identityOf(value)}`;
    if (typeof value !== 'object' || value === null) return String(value);
    if (isTensor(value)) return tensorKey(value, place);
    if (ArrayBuffer.isView(value) || open.has(value)) {
      const found = open.has(value) ? 'a structure that contains itself' : described(value);
      throw new Error(`${name}: argument ${place} is ${found}; wanted ${wanted}`);
    }
    open.add(value);
    let key: string;
    if (Array.isArray(value)) key = `[${value.map((each, i) => keyOf(each, `${place}[${i}]`)).join()}]`;
    else if (isPlainObject(value)) {
      const entries = Object.entries(value).map(
        ([name, each]) => `${JSON.stringify(name)}:${keyOf(each, `${place}.${name}`)}`,
      );
      key = `{${entries.join()}}`;
    } else key = `object ${identityOf(value)}`;
    open.delete(value);
    return key;
  };

  /** Tensors that share their values are equal in every call or in none. */
  const tensorKey = (tensor: Tensor, place: string): string => {
    tensor.assertUsable(name, place);
    if (tensor instanceof Variable) return `variable ${identityOf(tensor)}`;
    let position = tensors.indexOf(tensor);
    if (position < 0) position = tensors.push(tensor) - 1;
    const shared = tensors.findIndex(({ storage }) => storage === tensor.storage);
    return `${tensor.dtype}[${tensor.shape.join()}]@${position}~${shared}`;
  };

  const key = args.map((each, i) => keyOf(each, String(i))).join(';');
  return { key, tensors, numbers };
}

/** Arguments that are tensors, each another, as the next call may have them again. */
interface Pattern {
  readonly key: string;
  readonly tensors: readonly {
    readonly shape: readonly number[];
    readonly dtype: string;
    /** The first of them with the same storage. */
    readonly shared: number;
  }[];
}

const noNumbers: ReadonlyMap<string, number> = new Map();

/** Gives the signatures of one function's calls. It makes no text for tensors that are like those of the call before. */
export function signaturesOf(name: string): (args: readonly unknown[]) => Signature {
  let pattern: Pattern | null = null;
  return (args) => {
    if (pattern && fitsPattern(args, pattern)) return { key: pattern.key, tensors: args, numbers: noNumbers };
    const signature = signatureOf(name, args);
    const { key, tensors } = signature;
    const isPlain = tensors.length === args.length && tensors.every((tensor, i) => tensor === args[i]);
    const describe = (tensor: Tensor): Pattern['tensors'][number] => {
      const { shape, dtype } = tensor;
      return { shape, dtype, shared: sharedBy(tensor, tensors) };
    };
    pattern = isPlain ? { key, tensors: tensors.map(describe) } : null;
    return signature;
  };
}

/** The first tensor of a list that shares its values with one of them. */
function sharedBy({ storage }: Tensor, tensors: readonly Tensor[]): number {
  let first = 0;
  while (tensors[first]!.storage !== storage) first++;
  return first;
}

function fitsPattern(args: readonly unknown[], { tensors }: Pattern): args is readonly Tensor[] {
  if (args.length !== tensors.length) return false;
  for (let i = 0; i < args.length; i++) {
    const tensor = args[i];
    const { shape, dtype } = tensors[i]!;
    if (!isTensor(tensor) || tensor instanceof Variable || tensor.isDisposed) return false;
    if (tensor.dtype !== dtype || !sameShape(tensor.shape, shape) || args.indexOf(tensor) !== i) return false;
  }
  for (let i = 0; i < args.length; i++)
    if (sharedBy(args[i] as Tensor, args as readonly Tensor[]) !== tensors[i]!.shared) return false;
  return true;
}

/** Calls an op with one wrong argument at a time, and reports errors that are not as they must be. */
import { dispose, grad, memory, scalar, tidy, type MemoryInfo } from '../../../src/tensor';
import { observeDevice } from '../../../src/tensor/device-observers';
import { type Frame, openFrame, scopeDepth } from '../../../src/tensor/extent';
import { Tensor } from '../../../src/tensor/tensor';
import type { Argument, Kind, Row } from './argument';

type Call = (...values: unknown[]) => unknown;

/** The state that an error must leave unchanged. */
interface State extends Pick<MemoryInfo, 'numTensors' | 'numDataBuffers' | 'numBytes'> {
  readonly scopes: number;
  readonly frame: Frame | null;
}

function stateNow(): State {
  const { numTensors, numDataBuffers, numBytes } = memory();
  return { numTensors, numDataBuffers, numBytes, scopes: scopeDepth(), frame: openFrame() };
}

/** A value as text, for the name of a call. */
function described(value: unknown): string {
  if (value instanceof Tensor)
    return value.isDisposed ? 'a disposed tensor' : `${value.dtype} [${String(value.shape)}]`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `[${value.map(described).join(', ')}]`;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** The error must name the op, the argument, what was found and what was wanted. */
function fault(
  name: string,
  { name: argument, partners = [] }: Argument,
  kind: Kind,
  error: unknown,
): string | null {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  if (error.constructor !== Error) return `threw a ${error.name}: ${error.message}`;
  const { message } = error;
  const inner = name.replace(/^\w+\./, '');
  const namesOp = new RegExp(`^(\\w+(\\(\\))?\\.)?${inner}: `).test(message);
  // If two arguments do not fit together, the message may name either; an argument that is wrong by itself must be named.
  const isOfTwo = kind === 'rank' || kind === 'shape' || kind === 'value';
  const names = isOfTwo ? [argument, ...partners] : [argument];
  const namesArgument = names.some((each) => new RegExp(`'${each}['[]`).test(message));
  return namesOp && namesArgument && / wanted |; wanted/.test(message) ? null : `says: ${message}`;
}

/** The calls with one wrong argument, each with the kind of fault. */
function* wrongCalls(
  args: readonly Argument[],
): Generator<{ index: number; kind: Kind; make: () => unknown }> {
  for (const [index, { wrong }] of args.entries()) {
    for (const [kind, makes] of Object.entries(wrong) as [Kind, readonly (() => unknown)[] | string][]) {
      if (typeof makes !== 'string') for (const make of makes) yield { index, kind, make };
    }
  }
}

/** The places where a call is made: outside of scopes, in a scope, and in a gradient function. */
const places: Readonly<Record<string, (call: () => unknown) => unknown>> = {
  alone: (call) => call(),
  'inside of tidy': (call) => tidy(() => call() as Tensor),
  'inside of grad': (call) => {
    const x = scalar(1);
    try {
      return grad(() => call() as Tensor)(x);
    } finally {
      x.dispose();
    }
  },
};

/** Makes one call and returns its error. An asynchronous op may throw, or reject its promise. */
async function errorOf(call: () => unknown, isAsync: boolean): Promise<unknown> {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    return isAsync ? new TypeError(`thrown, not rejected: ${String(error)}`) : error;
  }
  if (!(result instanceof Promise)) return returned(result);
  try {
    return returned(await result);
  } catch (error) {
    return error;
  }
}

function returned(result: unknown): unknown {
  if (typeof result === 'object' && result !== null) dispose(result);
  return 'nothing, but returned';
}

/**
 * A line for each call of an op with a wrong argument that does not fail as it must.
 *
 * @param options whether the op returns a promise, and whether it runs a function that it is given
 */
export async function faultsOf(
  name: string,
  f: Call,
  { args, call }: Row,
  { isAsync = false, runs = false } = {},
): Promise<string[]> {
  const faults: string[] = [];
  const valid = args.map((each) => each.valid());
  let kernels: string[] = [];
  const stop = observeDevice({ kernel: ({ op }) => void kernels.push(op) });
  try {
    for (const { index, kind, make } of wrongCalls(args)) {
      const wrong = make();
      const values = valid.map((each, i) => (i === index ? wrong : each));
      for (const [place, make] of Object.entries(places)) {
        if (isAsync && place !== 'alone') continue;
        const before = stateNow();
        kernels = [];
        const error = await errorOf(() => make(() => (call ? call(f, ...values) : f(...values))), isAsync);
        const after = stateNow();
        const found = [
          fault(name, args[index]!, kind, error),
          ...(Object.keys(before) as (keyof State)[]).map((key) =>
            before[key] === after[key] ? null : `${key} differs afterwards`,
          ),
          kernels.length === 0 || runs ? null : `ran ${kernels.join(', ')}`,
        ].filter((each) => each !== null);
        if (found.length > 0) {
          faults.push(
            `${name}, ${args[index]!.name} (${kind}) is ${described(wrong)}, ${place}: ${found.join('; ')}`,
          );
          break;
        }
      }
      dispose([wrong]);
    }
  } finally {
    stop();
    dispose(valid);
  }
  return faults;
}

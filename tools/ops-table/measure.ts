/** Runs the sample calls of the ops on the backend in use, in Node or in a page. */
import { dispose, Tensor, tidy, type TensorContainer } from '../../src/tensor';
import { gradientErrors } from '../../test/support/gradient-check';
import { givesPromise, opNames } from '../../test/support/op-names';
import { gradientOf, sampleCallOf } from '../../test/support/ops';
import type { CallOrReason } from '../../test/support/ops/description';

/** A result that has been read. A result other than a tensor (bytes of pixels) has no dtype. */
export interface ReadResult {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly number[];
}

/** The results of a call, or the message of its error, or the reason why it was not made. */
export type Outcome =
  { readonly results: readonly ReadResult[] } | { readonly error: string } | { readonly reason: string };

/** The outcomes of one op on one backend. */
export interface Measured {
  readonly name: string;
  readonly call: Outcome;
  readonly int32: Outcome;
  readonly empty: Outcome;
  /** Where its gradients differ from finite differences, or the reason why it has none. */
  readonly gradient: { readonly errors: readonly string[] } | { readonly reason: string };
}

function read(value: unknown): ReadResult[] {
  if (value instanceof Tensor)
    return [
      { shape: value.shape as readonly number[], dtype: value.dtype, values: Array.from(value.dataSync()) },
    ];
  if (ArrayBuffer.isView(value)) {
    const values = Array.from(value as Uint8ClampedArray);
    return [{ shape: [values.length], dtype: '', values }];
  }
  return typeof value === 'object' && value !== null
    ? Object.values(value as Record<string, unknown>).flatMap(read)
    : [];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function run(name: string, call: CallOrReason): Promise<Outcome> {
  if (typeof call === 'string') return { reason: call };
  try {
    // A scope would end with the call, before the promise settles. Without one, intermediate tensors stay until the process ends.
    const done = givesPromise(name) ? await call() : tidy(() => call() as TensorContainer);
    const results = read(done);
    if (typeof done === 'object' && done !== null && !ArrayBuffer.isView(done)) dispose(done);
    const broken = results.find(
      ({ shape, values }) => shape.reduce((size, extent) => size * extent, 1) !== values.length,
    );
    if (broken) return { error: `shape [${broken.shape.join(', ')}] with ${broken.values.length} values` };
    return { results };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

function measureGradient(name: string): Measured['gradient'] {
  const rows = gradientOf(name);
  if (typeof rows === 'string') return { reason: rows };
  const errors = rows.flatMap(({ f, at }) => {
    try {
      return gradientErrors(f, at);
    } catch (error) {
      return [messageOf(error)];
    }
  });
  return { errors };
}

/** Runs the ops, silently: one of them is `print`. */
export async function measureAll(names: readonly string[] = opNames): Promise<Measured[]> {
  const { log } = console;
  console.log = () => undefined;
  try {
    const measured: Measured[] = [];
    for (const name of names) {
      const { call, int32, empty } = sampleCallOf(name);
      measured.push({
        name,
        call: await run(name, call),
        int32: await run(name, int32),
        empty: await run(name, empty),
        gradient: measureGradient(name),
      });
    }
    return measured;
  } finally {
    console.log = log;
  }
}

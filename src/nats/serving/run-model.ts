/** Runs a model on values in main memory, and reads what it gives. */
import type { Tensor } from '../../tensor';
import { wrongArgument } from '../../tensor/argument';
import { isTensor, mapMatching, tensorsIn } from '../../tensor/container';
import { withoutTaping } from '../../tensor/extent';
import { subscribing } from '../../streams/emission';
import type { HostTensor } from '../../streams/data/host-array';
import { AsynchronousCalls } from '../../streams/ownership/asynchronous-calls';
import { disposeUnowned } from '../../streams/ownership/unowned-tensors';
import { toTensors, type Decoded } from '../codec';

/** A model that can be served: what `rxtensor/models` loads and makes, or any function of tensors. */
export type ServableModel<T = never, R = unknown> =
  ((inputs: T) => R | PromiseLike<R>) | { readonly predictAsync: (inputs: T) => PromiseLike<R> };

/** The model as a function. @throws when it is none */
function functionOf(caller: string, model: unknown): (inputs: unknown) => unknown {
  if (typeof model === 'function') return model as (inputs: unknown) => unknown;
  const { predictAsync } = (model ?? {}) as { predictAsync?: unknown };
  if (typeof predictAsync !== 'function')
    throw wrongArgument(caller, 'model', model, "a function of tensors, or a model of 'rxtensor/models'");
  return (inputs) => (predictAsync as (inputs: unknown) => unknown).call(model, inputs);
}

/**
 * Makes a function that runs the model and reads its result without blocking. Nothing is taped, and everything that was made for a call is freed.
 *
 * @throws when the model is none
 */
export function runnerOf(caller: string, model: unknown): (input: Decoded) => Promise<Decoded> {
  const run = functionOf(caller, model);
  const calls = new AsynchronousCalls(caller, () => undefined);
  return async (input) => {
    let result: unknown;
    const call = subscribing(() =>
      // The part of the function before its first `await` runs in the scope of the call, which has the inputs too.
      calls.call(() => new Promise((resolve) => resolve(withoutTaping(() => run(toTensors(caller, input)))))),
    );
    try {
      result = await call.promise;
      call.end(result);
      return await read(result);
    } catch (error) {
      call.end(undefined);
      throw error;
    } finally {
      disposeUnowned(result);
    }
  };
}

async function read(result: unknown): Promise<Decoded> {
  const tensors = tensorsIn(result);
  const hosts = await Promise.all(
    tensors.map(async (each): Promise<HostTensor> => ({
      values: await each.data(),
      shape: [...each.shape],
      dtype: each.dtype,
    })),
  );
  const places = new Map<Tensor, HostTensor>(tensors.map((each, i) => [each, hosts[i]!]));
  return { value: mapMatching(result, isTensor, (each) => places.get(each)), tensors: hosts };
}

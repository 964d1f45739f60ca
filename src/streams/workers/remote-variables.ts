import { wrongArgument } from '../../tensor/argument';
import { isPlainObject } from '../../tensor/container';
import type { Tensor } from '../../tensor/tensor';
import type { HostArray, HostTensor } from '../data/host-array';
import type { Requests } from './requests';
import { pack } from './transfer';

/** The values of variables, by name. */
export type VariableValues = Readonly<Record<string, HostTensor>>;

/** Reads and sets the variables of a worker; see {@link remoteVariables}. */
export class RemoteVariables {
  #requests: Requests | null = null;

  /** `inWorker` calls this when it is subscribed to: from then on requests go to its worker. Returns a function that detaches the worker. */
  attach(requests: Requests): () => void {
    this.#requests = requests;
    return () => {
      if (this.#requests === requests) this.#requests = null;
    };
  }

  /**
   * Reads the worker's variables between two emissions, so that all values belong to the same step. The slots of optimizers are included.
   *
   * @param names the variables to read; the default is all
   * @throws (as a rejection) when the worker has no variable with one of these names, and when no worker runs
   */
  async get(names?: readonly string[]): Promise<VariableValues> {
    const requests = this.#attached('get');
    if (names !== undefined && !(Array.isArray(names) && names.every((each) => typeof each === 'string'))) {
      throw wrongArgument('remoteVariables.get', 'names', names, 'an array of names');
    }
    const { value } = await requests.ask((request) => ({
      kind: 'get variables',
      request,
      names: names ? [...names] : null,
    }));
    return value as VariableValues;
  }

  /**
   * Sets variables between two emissions. If one value does not fit, no variable is set.
   *
   * @param values the new values by name: the result of {@link RemoteVariables.get}, tensors, or arrays with a shape. The caller keeps them
   * @throws (as a rejection) when a variable does not exist, when a shape or dtype differs, and when no worker runs
   */
  async set(values: Readonly<Record<string, HostArray | Tensor>>): Promise<void> {
    const requests = this.#attached('set');
    const name = 'remoteVariables.set';
    if (!isPlainObject(values))
      throw wrongArgument(name, 'values', values, 'an object of values by the names of variables');
    const { packed, transfer } = await pack(name, values);
    const given = { name, value: packed.value, transfer };
    await requests.ask((request) => ({ kind: 'set variables', request, packed }), given);
  }

  #attached(method: string): Requests {
    if (this.#requests) return this.#requests;
    throw new Error(
      `remoteVariables.${method}: no worker runs; wanted this handle as option 'variables' of an inWorker that is subscribed to`,
    );
  }
}

/**
 * Makes a handle for the variables of a worker. Pass it to {@link inWorker}, and read or set the variables while that stream is subscribed.
 *
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { of } from 'rxjs';
 * const weights = dl.remoteVariables();
 * const make = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
 * of({ epochs: 3 }).pipe(dl.inWorker(make, { variables: weights })).subscribe();
 * const best = await weights.get(); // { kernel: { values, shape, dtype }, … }
 * await weights.set(best);
 * ```
 */
export function remoteVariables(): RemoteVariables {
  return new RemoteVariables();
}

import { wrongArgument } from '../tensor/argument';
import { isPlainObject } from '../tensor/structure';
import type { Tensor } from '../tensor/tensor';
import type { HostArray, HostTensor } from '../streams/data/host-array';
import type { Ask } from './requests';
import type { Side } from './side';
import { pack } from './transfer';

/** The values of variables, by name. */
export type VariableValues = Readonly<Record<string, HostTensor>>;

/** A connection to a worker. */
interface Connection {
  readonly ask: Ask;
  readonly side: Side;
}

/**
 * Reads and sets the variables of a worker; see {@link remoteVariables}.
 *
 * @example
 * ```ts
 * import { remoteVariables, type RemoteVariables } from 'rxtensor/workers';
 * const remote: RemoteVariables = remoteVariables();
 * remote.get().catch((error: Error) => console.log(error.message)); // no worker runs: give it to inWorker
 * ```
 */
export class RemoteVariables {
  #connection: Connection | null = null;

  /** `inWorker` calls this when it is subscribed to: from then on requests go to its worker. Returns a function that detaches the worker. */
  attach(connection: Connection): () => void {
    this.#connection = connection;
    return () => {
      if (this.#connection === connection) this.#connection = null;
    };
  }

  /**
   * Reads the worker's variables between two emissions, so that all values belong to the same step. The slots of optimizers are included.
   *
   * @param names the variables to read; the default is all
   * @throws (as a rejection) when the worker has no variable with one of these names, and when no worker runs
   */
  async get(names?: readonly string[]): Promise<VariableValues> {
    const { ask } = this.#attached('get');
    if (names !== undefined && !(Array.isArray(names) && names.every((each) => typeof each === 'string'))) {
      throw wrongArgument('remoteVariables.get', 'names', names, 'an array of names');
    }
    const { value } = await ask((request) => ({
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
    const { ask, side } = this.#attached('set');
    const name = 'remoteVariables.set';
    if (!isPlainObject(values))
      throw wrongArgument(name, 'values', values, 'an object of values by the names of variables');
    const { packed, transfer } = await pack(name, side, values);
    const given = { name, value: packed.value, transfer };
    await ask((request) => ({ kind: 'set variables', request, packed }), given);
  }

  #attached(method: string): Connection {
    if (this.#connection) return this.#connection;
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
 * import { inWorker, remoteVariables } from 'rxtensor/workers';
 * import { concat, NEVER, of } from 'rxjs';
 * const weights = remoteVariables();
 * const make = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
 * const rate = 0.01;
 * concat(of({ epochs: 3 }), NEVER) // the worker stays
 *   .pipe(inWorker(make, { variables: weights, parameters: { rate } }))
 *   .subscribe();
 * const best = await weights.get(); // { kernel: { values, shape, dtype }, … }
 * await weights.set(best);
 * console.log(Object.keys(best));
 * ```
 */
export function remoteVariables(): RemoteVariables {
  return new RemoteVariables();
}

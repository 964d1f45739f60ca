import { ReplaySubject, type Observable } from 'rxjs';

/** The parameters that the page forwards, by name. Each is an observable that replays its latest value and never completes. */
export type ServedParameters<P> = { readonly [K in keyof P]: Observable<P[K]> };

/** Holds the parameters in the worker. */
export interface ParameterStore {
  /** The parameters by name. Reading an unknown name throws, because `undefined` could make the pipeline train with a default value. */
  readonly parameters: ServedParameters<Record<string, unknown>>;
  /** Sets a parameter. Returns false when the page forwards no parameter with this name. */
  readonly set: (name: string, value: unknown) => boolean;
}

/** Makes a store for parameters with these names. */
export function parameterStore(names: readonly string[]): ParameterStore {
  const subjects = new Map(names.map((name) => [name, new ReplaySubject<unknown>(1)]));
  const observables = Object.fromEntries(
    [...subjects].map(([name, subject]) => [name, subject.asObservable()]),
  );
  return {
    parameters: new Proxy(observables, {
      get: (target, name) => {
        if (typeof name === 'string' && !Object.hasOwn(target, name)) {
          throw new Error(
            `serve: the page forwards no parameter '${name}'; wanted ${names.length === 0 ? "inWorker's option 'parameters' to name it" : `one of ${names.join(', ')}, or it among inWorker's option 'parameters'`}`,
          );
        }
        return target[name as string];
      },
    }),
    set: (name, value) => {
      subjects.get(name)?.next(value);
      return subjects.has(name);
    },
  };
}

import { isObservable, Subscription } from 'rxjs';

/** Hyper-parameters that the page forwards to the worker, as they are now. */
export interface ForwardedParameters {
  readonly names: readonly string[];
  /** The values of those that have one. */
  readonly latest: () => Readonly<Record<string, unknown>>;
  readonly unsubscribe: () => void;
}

/**
 * Follows the observables among the parameters.
 *
 * @param changed is told of each new value
 * @param fail is told what an observable throws
 */
export function followParameters(
  parameters: Readonly<Record<string, unknown>>,
  changed: (name: string, value: unknown) => void,
  fail: (error: unknown) => void,
): ForwardedParameters {
  const latest = new Map<string, unknown>();
  const subscription = new Subscription();
  for (const [name, source] of Object.entries(parameters)) {
    const next = (value: unknown): void => {
      latest.set(name, value);
      changed(name, value);
    };
    if (isObservable(source)) subscription.add(source.subscribe({ next, error: fail }));
    else latest.set(name, source);
  }
  return {
    names: Object.keys(parameters),
    latest: () => Object.fromEntries(latest),
    unsubscribe: () => subscription.unsubscribe(),
  };
}

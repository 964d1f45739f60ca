import { isObservable, Subscription } from 'rxjs';

/** The parameters that the page forwards to the worker. */
export interface ForwardedParameters {
  readonly names: readonly string[];
  /** Returns the latest values by name. Parameters that have no value yet are left out. */
  readonly latest: () => Readonly<Record<string, unknown>>;
  readonly unsubscribe: () => void;
}

/**
 * Subscribes to those parameters that are observables, and keeps the latest value of each parameter.
 *
 * @param changed called with each new value
 * @param fail called with the error of an observable
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

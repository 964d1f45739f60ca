import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';

export interface PlainHandlers<T> {
  readonly next: (value: T) => void;
  readonly error?: (error: unknown) => void;
  readonly complete?: () => void;
}

/** An operator on plain values, by what it does with what comes from above; the source sees at once when nobody listens any more. */
export function plainOperator<T, R>(
  handlersOf: (subscriber: Subscriber<R>) => PlainHandlers<T>,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable((subscriber) => {
      const handlers = handlersOf(subscriber);
      const linked = new Observable<T>((upstream) => {
        subscriber.add(upstream);
        if (!subscriber.closed) source.subscribe(upstream);
      });
      linked.subscribe({
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
        ...handlers,
      });
    });
}

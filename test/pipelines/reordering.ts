import type { MonoTypeOperatorFunction } from 'rxjs';
import { integerSequence } from '../../src/tensor/permutation';
import { plainOperator } from './plain-operator';

/** `shuffle` on plain values: the same draws from the same buffer. */
export function shuffled<T>(buffer: number, seed: number): MonoTypeOperatorFunction<T> {
  return plainOperator((subscriber) => {
    const draw = integerSequence(seed);
    const held: T[] = [];
    const emitOne = (): void => {
      const index = draw(held.length);
      const chosen = held[index]!;
      const last = held.pop()!;
      if (index < held.length) held[index] = last;
      subscriber.next(chosen);
    };
    return {
      next: (value) => {
        held.push(value);
        if (held.length > buffer) emitOne();
      },
      complete: () => {
        while (held.length > 0 && !subscriber.closed) emitOne();
        subscriber.complete();
      },
    };
  });
}

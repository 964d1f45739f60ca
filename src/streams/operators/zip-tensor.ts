import {
  defer,
  from,
  Observable,
  type ObservableInput,
  type ObservableInputTuple,
  type OperatorFunction,
} from 'rxjs';
import { waitFor, type Waiter } from '../emission';
import type { Held } from '../ownership/held-values';
import { assertSources, eventsOf, type InputEvent } from './parts/input-events';
import { SharedSources } from './parts/shared-sources';
import { operator } from '../operator';
import { sourcesOpened } from '../pulling/pull';
import { ownedChain } from '../ownership/stock-chain';
import { joinedTrails, noTrail, withObstacle, type Trail } from '../trail';

/** How many values may wait for partners before it is known whether the partners come from the same source: that must not be made to wait. */
const AHEAD = 16;

/** Why a source waits. */
const WAITING: Waiter = {
  by: 'zipTensor',
  waitsForValues: true,
  cure:
    'they wait for partners from another source, which does not come; where both come from one shared source, give that an option inFlight ' +
    'that is greater than their distance',
};

/** A value that waits for its partners. */
interface Waiting {
  readonly held: Held<unknown>;
  /** It has found them, and all of their emission is finished (null: it is). */
  readonly used: (finished: Promise<void> | null) => void;
}

/**
 * RxJS's `zip` for tensors: emits the first values of several sources as an array, then the second ones, and so on. It owns the values that
 * wait for their partners. Waiting values keep their emissions unfinished, so that a source with back-pressure does not run ahead of the others by
 * more than its `inFlight` (16 more before the others have begun). Inputs that share one source, such as `s` and `s.pipe(skip(3))`, do not make
 * it wait.
 *
 * ```text
 *  a                      --a--b-------c--|
 *  1                      ------1--2-------3--|
 *  zipTensor([a, 1])      ------a1-b2------(c3|)
 * ```
 *
 * @throws (as error notification) for a tensor on the tape: gradients do not cross emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x$ = dl.examples([1, 2]).pipe(dl.mapTensor((x) => dl.scalar(x)));
 * const y$ = dl.examples([10, 20]).pipe(dl.mapTensor((y) => dl.scalar(y)));
 * dl.zipTensor([x$, y$])
 *   .pipe(dl.mapTensor(([x, y]) => x.add(y)))
 *   .subscribe((sum) => sum.print()); // 11, 22
 * ```
 */
export function zipTensor<A extends readonly unknown[]>(
  sources: readonly [...ObservableInputTuple<A>],
): Observable<A> {
  const name = 'zipTensor';
  assertSources(name, sources);
  return defer(() => {
    const opening = sources.map(
      (source: ObservableInput<unknown>) => new Opening(ownedChain(name, from(source))),
    );
    return eventsOf(
      name,
      opening.map(({ stream }) => stream),
    ).pipe(zipping<A>(name, opening));
  });
}

/** Whether subscribing to a stream opened a source with back-pressure: two streams that each open one do not share it. */
class Opening {
  hasItsOwn = false;
  readonly stream: Observable<unknown>;

  constructor(source: Observable<unknown>) {
    this.stream = new Observable((subscriber) => {
      const before = sourcesOpened();
      const subscription = source.subscribe(subscriber);
      this.hasItsOwn = sourcesOpened() !== before;
      return subscription;
    });
  }
}

function zipping<A extends readonly unknown[]>(
  name: string,
  sources: readonly Opening[],
): OperatorFunction<InputEvent, A> {
  return operator<InputEvent, A>(name, (output) => {
    const queues: Waiting[][] = sources.map(() => []);
    const isComplete = sources.map(() => false);
    const shared = new SharedSources();
    /** Whether the source of a value has to wait until that has found its partners. */
    const holdsUp = (index: number): boolean =>
      queues.some(
        (queue, i) =>
          i !== index &&
          queue.length === 0 &&
          (shared.hasBegun(i) || (sources[index]!.hasItsOwn && sources[i]!.hasItsOwn)
            ? !shared.haveOneSource(index, i)
            : queues[index]!.length >= AHEAD),
      );
    const pair = (): void => {
      const row = queues.map((queue) => queue.shift()!);
      const finished = output.emitTracked(
        () => row.map(({ held }) => held.handOver()) as unknown as A,
        trailOfRow(row.map(({ held }) => held.trail)),
      );
      for (const { held, used } of row) {
        held.release();
        used(finished);
      }
    };
    const completeIfOver = (): void => {
      if (queues.some((queue, i) => isComplete[i] && queue.length === 0)) output.complete();
    };
    return {
      next: (event) => {
        if (event.kind === 'complete') {
          isComplete[event.index] = true;
          completeIfOver();
          return;
        }
        const held = output.hold(event.value);
        shared.note(event.index, held.trail);
        let used: Waiting['used'] = () => undefined;
        if (holdsUp(event.index)) {
          waitFor(
            WAITING,
            new Promise<void>((resolve) => {
              used = (finished) => resolve(finished ?? undefined);
            }),
          );
        }
        queues[event.index]!.push({ held, used });
        if (queues.some((queue) => queue.length === 0)) return;
        pair();
        // Not before: a value that is fed back meanwhile must not end what is being emitted.
        completeIfOver();
      },
      teardown: () => {
        for (const { held, used } of queues.flat()) {
          held.release();
          used(null);
        }
      },
    };
  });
}

/** Sources that are at one position can be continued from there; from different ones they cannot. */
function trailOfRow(trails: readonly Trail[]): Trail {
  const joined = trails.reduce(joinedTrails, noTrail);
  const positions = trails.map(({ place }) => place?.position);
  return positions.every((each) => each === positions[0])
    ? joined
    : withObstacle(joined, 'zipTensor() joins sources that are at different positions');
}

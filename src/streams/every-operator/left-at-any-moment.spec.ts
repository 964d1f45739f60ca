// Whoever is below an operator may leave at any moment, and dispose the variables right after: the operator does nothing more.
import * as dl from 'rxtensor';
import {
  map,
  of,
  Subject,
  Subscription,
  take,
  takeUntil,
  type Observable,
  type Observer,
  type OperatorFunction,
} from 'rxjs';
import { settle, unhandledErrors } from '../../../test/support/marbles';
import { operatorCases } from '../../../test/support/operator-cases';
import { observeDevice } from '../../tensor/device-observers';

type Case = Pick<(typeof operatorCases)[number], 'name' | 'make' | 'clean'>;

/** Waits a turn of the event loop with each checkpoint. */
class SlowStore implements dl.CheckpointStore {
  readonly name = 'a slow store';
  saves = 0;

  async save(): Promise<void> {
    this.saves++;
    await new Promise((resolve) => setTimeout(resolve));
    throw new Error('the store is full');
  }

  load(): Promise<null> {
    return Promise.resolve(null);
  }
}

const store = new SlowStore();
const step = operatorCases.find(({ name }) => name === 'trainStep')!;

/** Beside those of the table: operators that do something with most of the values. */
const eager: readonly Case[] = [
  {
    name: 'earlyStop that stops and restores',
    make: () => dl.earlyStop<dl.Tensor>({ patience: 2, of: () => 1, restoreBest: true }),
  },
  {
    name: 'earlyStop below trainStep and validate',
    make: () => (tensors) =>
      tensors.pipe(
        step.make(),
        dl.validate(1, dl.examples([1, 2, 3]), (x) => dl.scalar(x)),
        dl.earlyStop({ patience: 2, restoreBest: true }),
      ),
    clean: step.clean!,
  },
  {
    name: 'validate of each value',
    make: () => dl.validate<dl.Tensor, number, dl.Tensor>(1, dl.examples([1, 2, 3]), (x) => dl.scalar(x)),
  },
  {
    name: 'checkpoint of each step',
    make: () => (tensors) => tensors.pipe(step.make(), dl.checkpoint({ every: 1, store, position: false })),
    clean: step.clean!,
  },
  {
    name: 'mapTensorAsync of several at once',
    make: () =>
      dl.mapTensorAsync(
        async (x: dl.Tensor) => {
          const y = dl.square(x);
          await y.data();
          return y;
        },
        { concurrency: 2 },
      ),
  },
];

/** One subscription to the operator, fed through `source` or by a source of the moment's own. */
interface Stage {
  readonly source: Subject<number>;
  readonly subscribe: (
    observer: Partial<Observer<unknown>>,
    below?: OperatorFunction<unknown, unknown>,
    source?: Observable<number>,
  ) => void;
  /** Unsubscribes, and disposes the variables. */
  readonly leave: () => void;
}

type Moment = (stage: Stage) => void | Promise<void>;

const numbers = [1, 2, 3, 4];

function feed({ source }: Stage, count = numbers.length): void {
  for (const each of numbers.slice(0, count)) source.next(each);
}

async function microtasks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve();
}

/** Calls `work` at the value of this number, counted from 1. */
function atValue(wanted: number, work: () => void): (value: unknown) => void {
  let count = 0;
  return () => {
    if (++count === wanted) work();
  };
}

const ends: Readonly<Record<string, (source: Subject<number>) => void>> = {
  completion: (source) => source.complete(),
  error: (source) => source.error(new Error('of the source')),
};

const sources: Readonly<Record<string, (stage: Stage) => Observable<number>>> = {
  'a source that is fed': ({ source }) => source,
  'of()': () => of(...numbers),
  'examples()': () => dl.examples(numbers),
};

function moments(): Record<string, Moment> {
  const found: Record<string, Moment> = {};
  for (const k of [1, 2, 3]) {
    found[`inside of next ${k}`] = (stage) => {
      stage.subscribe({ next: atValue(k, stage.leave) });
      feed(stage);
    };
    for (const [from, sourceOf] of Object.entries(sources)) {
      const wait = async (stage: Stage): Promise<void> => {
        feed(stage);
        if (from === 'examples()') await settle(2);
      };
      found[`take(${k}) below ${from}`] = (stage) => {
        stage.subscribe({ complete: stage.leave }, take(k), sourceOf(stage));
        return wait(stage);
      };
      found[`takeUntil inside of next ${k} below ${from}`] = (stage) => {
        const stop = new Subject<void>();
        const next = atValue(k, () => stop.next());
        stage.subscribe({ next, complete: stage.leave }, takeUntil(stop), sourceOf(stage));
        return wait(stage);
      };
      found[`an operator that throws at value ${k} below ${from}`] = (stage) => {
        const fail = atValue(k, () => {
          throw new Error('below');
        });
        stage.subscribe({ error: stage.leave }, map(fail), sourceOf(stage));
        return wait(stage);
      };
    }
    for (const later of [0, 1, 2, 4, 7]) {
      found[`${later} microtasks after value ${k}`] = async (stage) => {
        stage.subscribe({});
        feed(stage, k);
        if (later > 0) await microtasks(later);
        stage.leave();
      };
    }
  }
  for (const [name, end] of Object.entries(ends)) {
    found[`at ${name}`] = (stage) => {
      stage.subscribe({ complete: stage.leave, error: stage.leave });
      feed(stage);
      end(stage.source);
    };
    for (const later of [0, 1, 3, 6]) {
      found[`${later} microtasks after ${name}`] = async (stage) => {
        stage.subscribe({ error: () => undefined });
        feed(stage);
        end(stage.source);
        if (later > 0) await microtasks(later);
        stage.leave();
      };
    }
  }
  found['in a later turn'] = async (stage) => {
    stage.subscribe({});
    feed(stage);
    await new Promise((resolve) => setTimeout(resolve));
    stage.leave();
  };
  return found;
}

/** What is wrong about an operator that is left at a moment: nothing, if all is well. */
async function faults({ make, clean }: Case, moment: Moment): Promise<string[]> {
  const bystander = dl.tidy(() => dl.variable(dl.scalar(7)));
  const made = dl.memory().numTensors - 1;
  const subscription = new Subscription();
  const source = new Subject<number>();
  const done: string[] = [];
  let isLeft = false;
  let stopObserving = (): void => undefined;
  const stage: Stage = {
    source,
    subscribe: (observer, below = map((value) => value), from = source) => {
      const operated = from.pipe(
        dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
        make(),
        below,
      );
      subscription.add(operated.subscribe({ error: () => undefined, ...observer }));
    },
    leave: () => {
      if (isLeft) return;
      isLeft = true;
      subscription.unsubscribe();
      clean?.();
      bystander.dispose();
      const saves = store.saves;
      const stop = observeDevice({ kernel: ({ op }) => void done.push(`${op} was computed`) });
      stopObserving = () => {
        stop();
        if (store.saves !== saves) done.push('a checkpoint was written');
      };
    },
  };
  const unhandled = await unhandledErrors(async () => {
    await moment(stage);
    await settle(2);
    // Some have no such moment: they emit fewer values, or later.
    stage.leave();
    await settle(2);
  });
  stopObserving();
  const left = dl.memory().numTensors - made;
  if (left !== 0) done.push(`${left} tensors are left`);
  if (source.observed) done.push('the source is subscribed to');
  return [...done, ...unhandled.map(String)];
}

describe('An operator that is left', () => {
  for (const each of [...operatorCases, ...eager]) {
    it(`does nothing more, whenever that is, and frees everything: ${each.name}`, async () => {
      const found: Record<string, string[]> = {};
      for (const [name, moment] of Object.entries(moments())) {
        const wrong = await faults(each, moment);
        if (wrong.length > 0) found[name] = wrong;
      }
      expect(found).toEqual({});
    });
  }

  it('restores nothing for those who left with the value that makes earlyStop stop', async () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    const unhandled = await unhandledErrors(() => {
      of(1, 2, 3)
        .pipe(dl.earlyStop({ patience: 1, restoreBest: true }), take(2))
        .subscribe(() => dl.tidy(() => weight.assign(dl.add(weight, 1))));
      expect(weight.dataSync()[0]).toBe(3);
      weight.dispose();
    });
    expect(unhandled).toEqual([]);
  });
});

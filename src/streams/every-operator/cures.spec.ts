// Each message that says what to do is provoked here, and what it says is done: it has to work.
import * as dl from 'rxtensor';
import {
  concat,
  concatMap,
  delay,
  from,
  interval,
  lastValueFrom,
  map,
  mergeMap,
  of,
  pairwise,
  skip,
  Subject,
  take,
  takeLast,
  tap,
  timer,
  toArray,
  type Observable,
} from 'rxjs';
import { itIsCured, type Ailment } from '../../../test/support/cures';
import { plain, settle } from '../../../test/support/marbles';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const tensors = (count: number, options = {}): Observable<dl.Scalar> =>
  dl.examples(numbers(count), options).pipe(scalars);
const squared = (x: dl.Scalar): dl.Scalar => dl.square(x);
/** Later values come sooner. */
const overtaking = mergeMap((x: dl.Scalar, i) => of(x).pipe(delay(60 - 20 * i)));
/** Each value with the one before it, one tensor after the other. */
const andBefore = (source: Observable<dl.Scalar>): Observable<dl.Scalar> =>
  source.pipe(
    pairwise(),
    concatMap(([a, b]) => concat(of(b), of(a), of(b))),
  );

/** What a loop reads, one value after the other. */
const looped = (source: Observable<dl.Scalar>, options?: dl.EachOptions): Observable<number> =>
  from(
    (async function* () {
      for await (const x of dl.each(source, options)) yield (await x.data())[0]!;
    })(),
  );

let weight: dl.Variable;
let sgd: dl.Optimizer;
const loss = (x: dl.Scalar): dl.Scalar => dl.square(dl.mul(weight, x));
const model = (x: dl.Scalar): dl.Scalar => dl.mul(weight, x);

/** Feeds a value back when the first has come, in the function of an operator or below it. */
function fedBack(where: 'within' | 'below' | 'later'): Observable<unknown> {
  const source = new Subject<number>();
  let left = 1;
  const feed = (): void => {
    if (left-- > 0) source.next(7);
  };
  const adding = dl.scanTensor(
    (sum: dl.Scalar, x: dl.Scalar): dl.Scalar => {
      if (where === 'within') feed();
      if (where === 'later') void Promise.resolve().then(feed);
      return dl.add(sum, x);
    },
    () => dl.scalar(0),
  );
  const fed$ = source.pipe(scalars, adding, where === 'below' ? tap(feed) : tap(), dl.download(), take(2));
  queueMicrotask(() => source.next(1));
  return fed$;
}

const rows: Readonly<Record<string, Ailment>> = {
  'across, of a number that is too small': {
    says: "Give the option 'holds' a greater number",
    stream: () => tensors(3).pipe(dl.across(toArray(), { holds: 1 })),
    cures: { 'a greater number': () => tensors(3).pipe(dl.across(toArray(), { holds: 3 })) },
  },
  'across, of values that overtake one another': {
    says: "give the option holds: 'all'",
    stream: () => tensors(3).pipe(dl.across(overtaking)),
    cures: { "holds: 'all'": () => tensors(3).pipe(dl.across(overtaking, { holds: 'all' })) },
  },
  'across, of values that come out again': {
    says: "where they come out again, give 'holds' the number",
    stream: () => tensors(3).pipe(dl.across(andBefore)),
    cures: { 'the number': () => tensors(3).pipe(dl.across(andBefore, { holds: 2 })) },
  },
  'across, of values that come out again, with all': {
    says: "had been emitted before, and holds: 'all' holds each until then",
    stream: () => tensors(3, { inFlight: 3 }).pipe(dl.across(pairwise(), { holds: 'all' })),
    cures: {
      'Leave out': () => tensors(3).pipe(dl.across(pairwise())),
      'the number': () => tensors(3).pipe(dl.across(pairwise(), { holds: 2 })),
    },
  },
  'across, of values that never come out': {
    says: '2 of its values never came out',
    stream: () => tensors(3, { inFlight: 9 }).pipe(dl.across(takeLast(1), { holds: 'all' })),
    cures: {
      'Leave out': () => tensors(3).pipe(dl.across(takeLast(1))),
      'the number': () => tensors(3).pipe(dl.across(takeLast(1), { holds: 1 })),
      'take below': () => tensors(3).pipe(dl.across(delay(1), { holds: 'all' }), take(1)),
    },
  },
  'across, of what computes': {
    says: 'wanted an operator that moves values in time and computes none',
    stream: () => tensors(3).pipe(dl.across(map(squared))),
    cures: {
      above: () => tensors(3).pipe(dl.mapTensor(squared), dl.across(delay(1))),
      below: () => tensors(3).pipe(dl.across(delay(1)), dl.mapTensor(squared)),
    },
  },
  'across, of very many values': {
    says: 'across holds 1000 values',
    stream: () => from(numbers(1001)).pipe(scalars, dl.across(takeLast(1))),
    cures: {
      'holds: 1': () => from(numbers(1001)).pipe(scalars, dl.across(takeLast(1), { holds: 1 })),
      "holds: 'all'": () => tensors(1001).pipe(dl.across(delay(0), { holds: 'all' }), dl.download(), take(3)),
    },
  },
  'each, of a source that is far ahead': {
    says: 'each: more than 64 values wait for the loop',
    stream: () => looped(from(numbers(70)).pipe(scalars)),
    cures: {
      'examples(data) in place of from(data)': () => looped(tensors(70)),
      'latest() at the end of the pipe': () => looped(from(numbers(70)).pipe(scalars, dl.latest())),
      'its option buffer': () => looped(from(numbers(70)).pipe(scalars), { buffer: 70 }),
    },
  },
  'shuffle below a model': {
    says: 'Put shuffle before the model, or use predict(model)',
    stream: () => tensors(3).pipe(dl.mapTensor(model), dl.shuffle(2)),
    cures: {
      before: () => tensors(3).pipe(dl.shuffle(2), dl.mapTensor(model)),
      predict: () => tensors(3).pipe(dl.predict(model), dl.shuffle(2)),
    },
  },
  'a tensor that has died with its emission': {
    says: 'A tensor made during an emission lives until that emission ends',
    stream: () => tensors(3).pipe(delay(1), dl.mapTensor(squared)),
    cures: {
      'across(operator)': () => tensors(3).pipe(dl.across(delay(1)), dl.mapTensor(squared)),
      'keep(tensor.clone())': () =>
        tensors(3).pipe(
          map((x) => dl.keep(x.clone())),
          delay(1),
          map((x) => {
            const number = plain(x);
            x.dispose();
            return number;
          }),
        ),
      'own()': () =>
        tensors(3).pipe(
          dl.own(),
          toArray(),
          map((all) => {
            const read = all.map((x) => plain(x));
            dl.dispose(all);
            return read;
          }),
        ),
      'slidingWindow in place of pairwise': () => tensors(3).pipe(dl.slidingWindow(2)),
    },
  },
  'mapTensor with a promise': {
    says: 'await in mapTensorAsync, above',
    stream: () => tensors(3).pipe(dl.mapTensor((x) => Promise.resolve(plain(x)))),
    cures: { mapTensorAsync: () => tensors(3).pipe(dl.mapTensorAsync((x) => Promise.resolve(plain(x)))) },
  },
  'scanTensor, fed from within': {
    says: 'wanted values that come when it has returned',
    stream: () => fedBack('within'),
    cures: { 'whoever subscribes below': () => fedBack('below'), 'a later turn': () => fedBack('later') },
  },
  'a loss that is a constant': {
    says: 'the loss is a constant',
    stream: () => tensors(2).pipe(dl.predict(loss), dl.trainStep(sgd)),
    cures: {
      'in mapTensor': () => tensors(2).pipe(dl.mapTensor(loss), dl.trainStep(sgd)),
      'in the loss function': () => tensors(2).pipe(dl.trainStep(sgd, loss)),
      'by stock operators below': () => tensors(2).pipe(map(loss), dl.trainStep(sgd)),
      'scoped()': () =>
        of(1, 2).pipe(
          dl.scoped(),
          map((x) => loss(dl.scalar(x))),
          dl.trainStep(sgd),
        ),
    },
  },
  'a step that is not finite': {
    says: "leave such steps out with onNaN: 'skip'",
    stream: () =>
      dl.examples([NaN, 1]).pipe(scalars, dl.trainStep(sgd, loss, { onNaN: 'error' }), dl.download()),
    cures: {
      skip: () => dl.examples([NaN, 1]).pipe(scalars, dl.trainStep(sgd, loss, { onNaN: 'skip' }), skip(1)),
    },
  },
  'tensors that belong to no emission': {
    says: 'belongs to no emission reached mapTensor: nobody frees it',
    stream: () => {
      const mine = [dl.scalar(1), dl.scalar(2)];
      const source = new Subject<dl.Scalar>();
      queueMicrotask(() => {
        for (const each of mine) source.next(each);
        source.complete();
        dl.dispose(mine);
      });
      return source.pipe(dl.mapTensor(squared));
    },
    cures: {
      'scoped()': () =>
        of(1, 2).pipe(
          dl.scoped(),
          map((x) => dl.scalar(x)),
          dl.mapTensor(squared),
        ),
      'inside of a mergeMap': () =>
        of(1, 2).pipe(
          mergeMap((x) =>
            timer(1).pipe(
              dl.scoped(),
              map(() => dl.scalar(x)),
              dl.mapTensor(squared),
            ),
          ),
        ),
      'keep()': () => {
        const mine = [dl.keep(dl.scalar(1)), dl.keep(dl.scalar(2))];
        return from(mine).pipe(
          dl.mapTensor(squared),
          tap({ complete: () => void Promise.resolve().then(() => dl.dispose(mine)) }),
        );
      },
    },
  },
  'what an asynchronous function makes after an await': {
    says: 'wrap what it does after one in tidy()',
    stream: () =>
      tensors(3).pipe(
        dl.mapTensorAsync(async (x) => {
          await settle(1);
          const left = x.square();
          strays.push(left);
          return left.mul(2);
        }),
      ),
    cures: {
      'tidy()': () =>
        tensors(3).pipe(
          dl.mapTensorAsync(async (x) => {
            await settle(1);
            return dl.tidy(() => x.square().mul(2));
          }),
        ),
    },
  },
  'values made from interval, which do not arrive at once': {
    says: 'Put scoped() right after the stock source',
    stream: () =>
      interval(1).pipe(
        take(3),
        map((x) => {
          const made = dl.scalar(x);
          strays.push(made);
          return made;
        }),
        delay(1),
        dl.mapTensor(() => 0),
      ),
    cures: {
      'scoped() and across()': () =>
        interval(1).pipe(
          take(3),
          dl.scoped(),
          map((x) => dl.scalar(x)),
          dl.across(delay(1)),
          dl.mapTensor(squared),
        ),
    },
  },
};

let strays: dl.Tensor[] = [];

describe('What a message prescribes', () => {
  beforeEach(() => {
    strays = [];
    weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    sgd = dl.train.sgd(0.01);
  });
  afterEach(() => {
    dl.dispose(strays);
    dl.dispose([weight]);
    sgd.dispose();
  });

  itIsCured(rows);

  it('works: ownLast above lastValueFrom', async () => {
    const last = await lastValueFrom(tensors(3).pipe(dl.ownLast()));
    expect(plain(last)).toBe(3);
    last.dispose();
  });
});

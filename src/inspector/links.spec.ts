import { concatMap, map, Observable, of, share, take, type Subscription } from 'rxjs';
import manifest from '../../node_modules/rxjs/package.json';
import * as dl from 'rxtensor';
import { inspect, type PipelineFrame } from 'rxtensor/inspector';
import { below, startOfChain } from './links';

/** Where RxJS's own fields were last looked at. */
const LOOKED_AT = '7.8';

/** An operator that is written by hand and tells nobody what it subscribes to, as all of RxJS would be if its fields had other names. */
function hidden<T>(source: Observable<T>): Observable<T> {
  return new Observable((observer) => {
    const subscription: Subscription = source.subscribe({
      next: (value) => observer.next(value),
      error: (error) => observer.error(error),
      complete: () => observer.complete(),
    });
    return () => subscription.unsubscribe();
  });
}

async function frameOf(pipeline: Observable<unknown>): Promise<PipelineFrame> {
  const inspection = inspect(pipeline);
  await pipeline.forEach(() => undefined);
  inspection.end();
  return inspection.frame();
}

describe("The inspector's links through operators of RxJS", () => {
  it('go by fields of RxJS that are not public, and were looked at in this version', () => {
    expect(manifest.version.split('.').slice(0, 2).join('.'))
      .withContext('another RxJS: look whether the other specs of this file hold, then change LOOKED_AT')
      .toBe(LOOKED_AT);
  });

  it('find the start of a chain', () => {
    const source = of(1);
    const chain = source.pipe(
      map((x) => x + 1),
      take(1),
      share(),
    );
    expect(startOfChain(chain)).toEqual({ start: source, links: 3 });
  });

  it('find a subscriber below operators, also one of an inner stream', () => {
    let top: object | null = null;
    const source = new Observable<number>((subscriber) => {
      top = subscriber;
      subscriber.next(1);
    });
    const bottom = source
      .pipe(
        map((x) => x),
        concatMap((x) => of(x)),
      )
      .subscribe();
    expect(below(top!, (each) => (each === bottom ? 'found' : undefined))).toBe('found');
    bottom.unsubscribe();
  });

  it('are not needed: without them the stages are there, in order, with what went through them', async () => {
    const frame = await frameOf(
      dl.examples([1, 2, 3]).pipe(
        hidden,
        dl.mapTensor((x) => x + 1),
        hidden,
        map((x) => x),
        hidden,
        dl.scoped(),
      ),
    );
    const found = frame.stages.filter(({ kind }) => kind !== 'stock');
    expect(found.map(({ name }) => name)).toEqual(['examples', 'mapTensor', 'scoped', 'subscriber']);
    expect(found.map(({ valuesOut }) => valuesOut)).toEqual([3, 3, 3, null]);
    // Each leads to the subscriber.
    const ways = new Map(frame.stages.map(({ id, to }) => [id, to]));
    const leads = (id: number): boolean => id === found.at(-1).id || ways.get(id)!.some(leads);
    expect(frame.stages.every(({ id }) => leads(id))).toBeTrue();
    expect(frame.findings).toEqual([]);
  });

  it('are given up where a field is something else', () => {
    const never = (): undefined => undefined;
    expect(below({}, never)).toBeNull();
    for (const destination of [null, 7, 'text', {}])
      expect(below({ destination, _parentage: destination }, never)).toBeNull();
    const circle: { destination?: object } = {};
    circle.destination = circle;
    expect(below(circle, never)).toBeNull();
  });
});

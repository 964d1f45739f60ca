import * as dl from 'rxtensor';
import { remoteVariables } from 'rxtensor/workers';
import { lastValueFrom, of, take, tap, toArray } from 'rxjs';
import { far } from '../../test/support/far-side';
import { read, until } from '../../test/support/marbles';

const scalars = dl.mapTensor((value: number) => dl.scalar(value));

describe('inWorker back-pressure', () => {
  it('holds the sources of the page until the worker has dealt with their values', async () => {
    const variables = remoteVariables();
    const values = Array.from({ length: 12 }, (_, i) => i);
    let sent = 0;
    const ahead: number[] = [];
    const seen = await lastValueFrom(
      dl.examples(values, { inFlight: 3 }).pipe(
        tap(() => sent++),
        scalars,
        far<dl.Scalar, dl.Scalar>('slow', { variables }),
        read(),
        tap((value) => ahead.push(sent - (value as number) / 2)),
        toArray(),
      ),
    );
    expect(seen).toEqual(values.map((value) => value * 2));
    // What is being looked at is one of the three.
    expect(Math.max(...ahead)).toBeLessThanOrEqual(3);
  });

  it('sends no more than inFlight to a worker that is stuck', async () => {
    let sent = 0;
    const subscription = dl
      .examples(
        Array.from({ length: 50 }, (_, i) => i),
        { inFlight: 2 },
      )
      .pipe(
        tap(() => sent++),
        scalars,
        far('stuck'),
      )
      .subscribe();
    await until(() => sent === 2);
    // More would come, or would not.
    await new Promise((resolve) => setTimeout(resolve, 500));
    subscription.unsubscribe();
    expect(sent).toBe(2);
  });

  it('holds the sources of the worker until the page has dealt with what they sent', async () => {
    const variables = remoteVariables();
    const ahead: number[] = [];
    let seen = 0;
    await lastValueFrom(
      of({ count: 1000, inFlight: 2 }).pipe(
        far<object, dl.Scalar>('counting', { variables }),
        dl.mapTensorAsync(async () => {
          const madeAhead = async (): Promise<number> => {
            await new Promise((resolve) => setTimeout(resolve, 20));
            const { made } = await variables.get(['made']);
            return made!.values[0]! - seen;
          };
          // As far as it may go, however long it takes, and no further.
          await until(async () => (await madeAhead()) >= 2);
          ahead.push(await madeAhead());
          seen++;
        }),
        take(10),
      ),
    );
    // The projection that was under way when nobody listened any more.
    await new Promise((resolve) => setTimeout(resolve, 100));
    // The one that is being looked at, and the next.
    expect(ahead).toEqual(new Array(10).fill(2));
  });
});

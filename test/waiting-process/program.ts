// Programs that end, or cannot go on, by the name that is their argument.
import * as dl from 'rxtensor';
import { lastValueFrom, retry, share, skip, takeLast } from 'rxjs';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const eight$ = dl.examples([1, 2, 3, 4, 5, 6, 7, 8]).pipe(scalars);
const never = dl.mapTensorAsync(() => new Promise<void>(() => undefined));
const held$ = eight$.pipe(dl.across(takeLast<dl.Scalar>(1), { holds: 'all' }));

const programs: Readonly<Record<string, () => unknown>> = {
  right: () => eight$.pipe(dl.across(takeLast(1)), dl.download()).subscribe(console.log),
  held: () => held$.subscribe(),
  'held and awaited': () => lastValueFrom(held$),
  zipped: () => {
    const source$ = dl.examples(Array.from({ length: 40 }, (_, i) => i)).pipe(scalars, share());
    dl.zipTensor([source$, source$.pipe(skip(30))]).subscribe();
  },
  looped: async () => {
    for await (const _ of dl.each(eight$)) await new Promise<void>(() => undefined);
  },
  promised: () => eight$.pipe(never).subscribe(),
  'held and retried': () => held$.pipe(retry()).subscribe(),
  'promised and retried': () => eight$.pipe(never, retry()).subscribe(),
  'retried and kept going': () => {
    process.on('uncaughtException', (error) => {
      console.error(error.message);
      process.exitCode = 3;
    });
    eight$.pipe(never, retry()).subscribe();
  },
};

await programs[process.argv[2]!]!();

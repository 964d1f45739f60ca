import * as dl from 'rxtensor';
import { from, type Observable } from 'rxjs';
import { batches$, collect, Line } from '../../../test/support/line-fit';
import { plain, read, settle, until } from '../../../test/support/marbles';
import { backend } from '../../tensor/backend';

const optimizers = {
  sgd: () => dl.train.sgd(0.1),
  adam: () => dl.train.adam(0.1),
  momentum: () => dl.train.momentum(0.1, 0.9),
};

/** Its gradient is the factor, for the slope and for the offset. */
const lossOf =
  (line: Line) =>
  (factor: number): dl.Tensor =>
    dl.mul(dl.add(line.slope, line.offset), factor);

async function state(line: Line): Promise<unknown> {
  const weights = await line.optimizer.getWeights();
  const found = plain(weights.map(({ tensor }) => tensor).slice(1));
  dl.dispose(weights.map(({ tensor }) => tensor));
  return found;
}

async function run(stream: Observable<unknown>): Promise<{ seen: unknown[]; ending: string }> {
  const result = { seen: [] as unknown[], ending: 'none' };
  stream.pipe(read()).subscribe({
    next: (value) => result.seen.push(value),
    error: (error: unknown) => (result.ending = String(error)),
    complete: () => (result.ending = 'complete'),
  });
  await until(() => result.ending !== 'none');
  return result;
}

describe("trainStep with onNaN: 'skip'", () => {
  for (const [name, make] of Object.entries(optimizers)) {
    it(`leaves variables and slots as they were, with ${name}`, async () => {
      const [line, other] = [new Line(make()), new Line(make())];
      await run(from([1, -2]).pipe(dl.trainStep(other.optimizer, lossOf(other))));
      const stream = from([1, -2, NaN, Infinity]).pipe(
        dl.trainStep(line.optimizer, lossOf(line), { onNaN: 'skip' }),
      );
      const { seen, ending } = await run(stream);
      expect(ending).toBe('complete');
      expect(seen.length).toBe(4);
      expect(seen[2]).toBeNaN();
      expect(line.values).toEqual(other.values);
      expect(await state(line)).toEqual(await state(other));
      for (const each of [line, other]) each.dispose();
    });
  }

  it('may leave out the first step, and goes on after it', async () => {
    const line = new Line(dl.train.momentum(0.1, 0.9));
    const steps = dl.trainStep(line.optimizer, lossOf(line), { onNaN: 'skip' });
    await run(from([NaN]).pipe(steps));
    expect(line.values).toEqual([0, 0]);
    await run(from([1]).pipe(steps));
    (line.values as number[]).forEach((value) => expect(value).toBeCloseTo(-0.1, 6));
    line.dispose();
  });

  it('looks at every gradient, where the loss is finite', async () => {
    const line = new Line();
    // The root's derivative at 0 is infinite; the offset's gradient is 1.
    const loss = (): dl.Tensor => dl.add(dl.sqrt(line.slope), line.offset);
    await run(from([0]).pipe(dl.trainStep(line.optimizer, loss, { onNaN: 'skip', clipValue: 1 })));
    expect(line.values).toEqual([0, 0]);
    line.dispose();
  });

  it('reads nothing, and gives the losses of steps that need no guard', async () => {
    const [line, other] = [new Line(), new Line()];
    const reading = spyOn(backend(), 'read').and.callThrough();
    const readingNow = spyOn(backend() as Required<dl.Backend>, 'readSync').and.callThrough();
    const losses: dl.Tensor[] = [];
    batches$()
      .pipe(dl.trainStep(line.optimizer, line.loss, { onNaN: 'skip' }))
      .subscribe((loss) => losses.push(dl.keep(loss.clone())));
    expect(reading).not.toHaveBeenCalled();
    expect(readingNow).not.toHaveBeenCalled();
    expect(plain(losses)).toEqual(collect(batches$().pipe(dl.trainStep(other.optimizer, other.loss))).seen);
    dl.dispose(losses);
    await settle();
    for (const each of [line, other]) each.dispose();
  });
});

describe("trainStep with onNaN: 'error'", () => {
  for (const [name, make] of Object.entries(optimizers)) {
    it(`names the step; all is as after the last finite one, with ${name}`, async () => {
      const [line, other] = [new Line(make()), new Line(make())];
      await run(from([1, -2]).pipe(dl.trainStep(other.optimizer, lossOf(other))));
      // Steps 4 and 5 are submitted before it is known of the third.
      const stream = from([1, -2, NaN, 5, 6]).pipe(
        dl.trainStep(line.optimizer, lossOf(line), { onNaN: 'error' }),
      );
      const { ending } = await run(stream);
      expect(ending).toMatch(/^Error: trainStep: the loss or a gradient of step 3 is not finite/);
      expect(line.values).toEqual(other.values);
      expect(await state(line)).toEqual(await state(other));
      for (const each of [line, other]) each.dispose();
    });
  }

  it('stops a pulling source within its inFlight emissions', async () => {
    const line = new Line();
    const { seen, ending } = await run(
      dl
        .examples([1, 2, NaN, ...Array.from({ length: 50 }, () => 1)], { inFlight: 2 })
        .pipe(dl.trainStep(line.optimizer, lossOf(line), { onNaN: 'error' })),
    );
    expect(ending).toMatch(/step 3 is not finite/);
    expect(seen.length).toBeLessThanOrEqual(5);
    line.dispose();
  });

  it('completes when all steps were finite, with the losses of steps that need no guard', async () => {
    const [line, other] = [new Line(), new Line()];
    const { seen, ending } = await run(
      batches$().pipe(dl.trainStep(line.optimizer, line.loss, { onNaN: 'error' })),
    );
    expect(ending).toBe('complete');
    expect(seen).toEqual(collect(batches$().pipe(dl.trainStep(other.optimizer, other.loss))).seen);
    for (const each of [line, other]) each.dispose();
  });

  it('sees the step of a group and of the rest', async () => {
    for (const [values, step] of [
      [[1, NaN, 1], 1],
      [[1, 1, NaN], 2],
    ] as const) {
      const line = new Line();
      const { ending } = await run(
        from(values).pipe(dl.trainStep(line.optimizer, lossOf(line), { onNaN: 'error', accumulate: 2 })),
      );
      expect(ending).toContain(`of step ${step} is not finite`);
      line.dispose();
    }
  });

  it('drops what it has not read yet when it is unsubscribed from', async () => {
    const line = new Line();
    let ending = 'none';
    from([NaN])
      .pipe(dl.trainStep(line.optimizer, lossOf(line), { onNaN: 'error' }))
      .subscribe({ error: () => (ending = 'error'), complete: () => (ending = 'complete') })
      .unsubscribe();
    await settle();
    expect(ending).toBe('none');
    line.dispose();
  });

  it('passes a failed read on', async () => {
    const line = new Line();
    spyOn(backend(), 'read').and.rejectWith(new Error('the device is gone'));
    let ending = 'none';
    from([1])
      .pipe(dl.trainStep(line.optimizer, lossOf(line), { onNaN: 'error' }))
      .subscribe({ error: (error: unknown) => (ending = String(error)) });
    await settle();
    expect(ending).toBe('Error: the device is gone');
    line.dispose();
  });
});

describe('trainStep without onNaN', () => {
  it('lets a step spoil the variables', async () => {
    const line = new Line();
    await run(from([NaN]).pipe(dl.trainStep(line.optimizer, lossOf(line))));
    expect((line.values as number[])[0]).toBeNaN();
    line.dispose();
  });

  it('refuses what is no policy', () => {
    const line = new Line();
    expect(() => dl.trainStep(line.optimizer, line.loss, { onNaN: 'stop' as 'skip' })).toThrowError(
      "trainStep: option 'onNaN' is stop; wanted 'skip' or 'error'",
    );
    line.dispose();
  });
});

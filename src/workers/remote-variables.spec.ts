import * as dl from 'rxtensor';
import { remoteVariables, type RemoteVariables, type VariableValues } from 'rxtensor/workers';
import { lastValueFrom, of, toArray } from 'rxjs';
import { far } from '../../test/support/far-side';
import { plain } from '../../test/support/marbles';

const batch = dl.mapTensor(() => ({ x: dl.tensor1d([1, 2]), y: dl.tensor1d([3, 6]) }));
const parameters = { rate: 0.0625 };

/** Runs `work` while a worker fits a slope of 3, one step after another. */
async function whileTraining(work: (variables: RemoteVariables) => Promise<void>): Promise<void> {
  const variables = remoteVariables();
  const steps = dl
    .examples([1], { epochs: Infinity })
    .pipe(batch, far('training', { variables, parameters }));
  let begin: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (begin = resolve));
  const errors: unknown[] = [];
  const subscription = steps.subscribe({ next: begin, error: (error: unknown) => errors.push(error) });
  try {
    await hasBegun;
    await work(variables);
  } finally {
    subscription.unsubscribe();
  }
  expect(errors).toEqual([]);
}

describe('remoteVariables', () => {
  it('reads what the variables in the worker are', async () => {
    await whileTraining(async (variables) => {
      const { slope } = await variables.get(['slope']);
      expect(slope?.shape).toEqual([]);
      expect(slope?.dtype).toBe('float32');
      expect(slope?.values[0]).toBeGreaterThan(0);
      expect(Object.keys(await variables.get())).toContain('slope');
    });
  });

  it('sets them: arrays with a shape, tensors, and what it has read', async () => {
    await whileTraining(async (variables) => {
      const before = await variables.get(['slope']);
      // So far away that a few steps do not come back from there.
      const values = new Float32Array([1e6]);
      await variables.set({ slope: { values, shape: [] } });
      expect(values.length).toBe(1);
      expect((await variables.get(['slope'])).slope!.values[0]).toBeGreaterThan(1000);
      const far = dl.scalar(1e9);
      await variables.set({ slope: far });
      expect((await variables.get(['slope'])).slope!.values[0]).toBeGreaterThan(1e6);
      far.dispose();
      await variables.set(before);
      expect((await variables.get(['slope'])).slope!.values[0]).toBeLessThan(10);
    });
  });

  it('changes none where one does not fit', async () => {
    await whileTraining(async (variables) => {
      const slope = { values: new Float32Array([1e9]), shape: [] };
      await expectAsync(
        variables.set({ slope, offset: { values: new Float32Array(2), shape: [2] } }),
      ).toBeRejectedWithError(
        /remoteVariables\.set: the worker has no variable 'offset'; wanted one of its variables: .*slope/,
      );
      await expectAsync(
        variables.set({ slope: { values: new Float32Array(2), shape: [2] } }),
      ).toBeRejectedWithError(
        /remoteVariables\.set: the values for 'slope' are float32 of shape \[2\]; wanted float32 of shape \[\]/,
      );
      const whole = dl.scalar(1, 'int32');
      await expectAsync(variables.set({ slope: whole })).toBeRejectedWithError(
        /are int32 of shape \[\]; wanted float32/,
      );
      whole.dispose();
      await expectAsync(variables.get(['slop'])).toBeRejectedWithError(/no variable 'slop'/);
      expect((await variables.get(['slope'])).slope!.values[0]).toBeLessThan(10);
    });
  });

  it('gives a run the variables of another, which goes on where that one was', async () => {
    const variables = remoteVariables();
    const losses = (steps: number, weights: VariableValues | null): Promise<number[]> =>
      lastValueFrom(
        dl
          .examples(
            Array.from({ length: steps }, (_, i) => i),
            { inFlight: 1 },
          )
          .pipe(
            dl.mapTensorAsync(async (i) => {
              // Between the steps: the first makes the variables.
              if (i === 1 && weights) await variables.set(weights);
              if (i === steps - 1) read = await variables.get(['slope']);
            }),
            batch,
            far<object, { loss: dl.Scalar }>('training', { variables, parameters }),
            dl.mapTensor(({ loss }) => plain(loss) as number),
            toArray(),
          ),
      );
    let read: VariableValues = {};
    const first = await losses(4, null);
    const second = await losses(3, read);
    // Three steps had been taken when the variables were read.
    expect(second[1]).toBe(first[3]);
  });

  it('is refused where no worker runs, and when the worker ends before it answers', async () => {
    const variables = remoteVariables();
    await expectAsync(variables.get()).toBeRejectedWithError(
      /remoteVariables\.get: no worker runs; wanted this handle as option 'variables' of an inWorker/,
    );
    await expectAsync(variables.set({})).toBeRejectedWithError(/remoteVariables\.set: no worker runs/);
    const subscription = of(1).pipe(far('never', { variables })).subscribe();
    const asked = variables.get();
    subscription.unsubscribe();
    await expectAsync(asked).toBeRejectedWithError(/the worker ended before it answered/);
    await expectAsync(variables.get()).toBeRejectedWithError(/no worker runs/);
  });

  it('may be asked before the worker has loaded', async () => {
    const variables = remoteVariables();
    const subscription = of(1).pipe(far('never', { variables })).subscribe();
    expect(await variables.get()).toEqual({});
    subscription.unsubscribe();
  });
});

import * as dl from 'rxtensor';
import { modelFrom, type Fetch, type GraphModel, type ModelEvent } from 'rxtensor/models';
import { filter, firstValueFrom, map, take, toArray } from 'rxjs';
import { filesWith, graphFiles, node, placeholder, weight } from '../../test/support/graph-files';
import { settle, until } from '../../test/support/marbles';

const files = graphFiles({
  nodes: [placeholder('x', [2]), node('y', 'Mul', 'x w')],
  weights: [weight('w', [3, 4])],
});
const models = filter((event: ModelEvent): event is { model: GraphModel } => 'model' in event);

describe('modelFrom', () => {
  it('emits how much has come, then the model, which it frees when the subscriber leaves', async () => {
    const { numTensors } = dl.memory();
    const [first, second] = await firstValueFrom(modelFrom(files).pipe(take(2), toArray()));
    expect(first).toEqual({ progress: { bytes: 8, total: 8 } });
    const { model } = second as { model: GraphModel };
    expect(dl.memory().numTensors).toBe(numTensors);
    const x = dl.tensor1d([1, 1]);
    expect(() => model.predict(x)).toThrowError('predict: the model was disposed; wanted one that is not');
    x.dispose();
  });

  it('keeps the model while it is in use', async () => {
    const { numTensors } = dl.memory();
    const values: unknown[] = [];
    await new Promise<void>((done, failed) => {
      const subscription = modelFrom(files)
        .pipe(
          models,
          map(({ model }) => dl.tidy(() => (model.predict(dl.tensor1d([1, 2])) as dl.Tensor).dataSync())),
        )
        .subscribe({
          next: (found) => {
            values.push(...found);
            setTimeout(() => {
              subscription.unsubscribe();
              done();
            });
          },
          error: failed,
          complete: () => failed(new Error('it completed')),
        });
    });
    expect(values).toEqual([3, 8]);
    expect(dl.memory().numTensors).toBe(numTensors);
  });

  it('loads one for each subscriber', async () => {
    const loading = modelFrom(files).pipe(models, take(1));
    const [a, b] = await Promise.all([firstValueFrom(loading), firstValueFrom(loading)]);
    expect(a.model).not.toBe(b.model);
  });

  it('gives an error as a notification', async () => {
    await expectAsync(firstValueFrom(modelFrom(filesWith('<html>')))).toBeRejectedWithError(
      /^modelFrom: model\.json is no JSON; found a page of HTML/,
    );
    await expectAsync(firstValueFrom(modelFrom(7 as never))).toBeRejectedWithError(
      /^modelFrom: argument 'source' is 7/,
    );
  });

  it('aborts the loading when the subscriber leaves', async () => {
    let signal: AbortSignal | undefined;
    const fetch: Fetch = (_address, init) => {
      signal = init?.signal;
      return new Promise(() => undefined);
    };
    const subscription = modelFrom('model.json', { fetch }).subscribe();
    await Promise.resolve();
    expect(signal?.aborted).toBe(false);
    subscription.unsubscribe();
    expect(signal?.aborted).toBe(true);
  });

  it('frees a model that comes when the subscriber has left', async () => {
    const { numTensors } = dl.memory();
    let come = (): void => undefined;
    const read = new Promise<void>((resolve) => (come = resolve));
    const late = { ...files, readFirst: () => read.then(() => files.readFirst()) };
    modelFrom(late).subscribe().unsubscribe();
    come();
    await settle(20);
    await until(() => dl.memory().numTensors === numTensors);
    expect(dl.memory().numTensors).toBe(numTensors);
  });
});

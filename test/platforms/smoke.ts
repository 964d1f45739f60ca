/** The least that must hold wherever the library runs: a sum, a gradient through a convolution, a training, and no tensor left. */
import * as dl from 'rxtensor';
import { lastValueFrom } from 'rxjs';

export interface Smoke {
  readonly backend: string;
  readonly sum: number;
  readonly gradient: readonly number[];
  readonly loss: number;
  readonly slope: number;
  readonly left: number;
}

/** Computes on a backend. */
export async function smoke(backend: string): Promise<Smoke> {
  dl.setBackend(backend);
  const { numTensors } = dl.memory();
  const three = dl.tidy(() => dl.keep(dl.scalar(1).add(2)));
  const sum = (await three.data())[0]!;
  three.dispose();

  // Each pixel counts as often as a filter of ones, 2 × 2, covers it.
  const image = dl.ones([3, 3, 1]);
  const slopes = dl.tidy(() =>
    dl.keep(
      dl.grad((x: dl.Tensor) =>
        dl.conv2d(x as dl.Tensor3D, dl.ones<dl.Rank.R4>([2, 2, 1, 1]), 1, 'valid').sum(),
      )(image),
    ),
  );
  const gradient = Array.from(await slopes.data());
  dl.dispose([image, slopes]);

  const slope = dl.variable(0);
  const offset = dl.variable(0);
  const adam = dl.train.adam(0.1);
  const losses$ = dl
    .examples({ x: [1, 2, 3, 4], y: [3, 5, 7, 9] }, { epochs: 150, shuffle: true, seed: 1 })
    .pipe(
      dl.batch(2),
      dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, x.mul(slope).add(offset))),
      dl.download(),
    );
  const loss = await lastValueFrom(losses$);
  const learnt = (await slope.data())[0]!;
  dl.dispose([slope, offset]);
  adam.dispose();
  return {
    backend: dl.getBackend(),
    sum,
    gradient,
    loss,
    slope: learnt,
    left: dl.memory().numTensors - numTensors,
  };
}

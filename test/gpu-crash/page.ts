// A training in a page whose GPU process crashes meanwhile; see gpu-crash.spec.ts.
import * as dl from '../../src';
import { resilient } from 'rxtensor/checkpoints';
import { decodeCheckpoint } from '../../src/streams/checkpoints/format';

/** What the run has shown so far. */
export interface Shown {
  losses: number[];
  /** The number of checkpoints that were written, and of those whose weights are all zeros. */
  written: number;
  zeros: number;
  starts: number;
  /** The name of the error, 'complete', or '' while it runs. */
  ending: string;
  /** After an error: what the backend computes once it has been chosen again. */
  after: number;
}

export const shown: Shown = { losses: [], written: 0, zeros: 0, starts: 0, ending: '', after: 0 };

/** Trains until the spec has seen enough. */
export function start(isResilient: boolean, steps: number): void {
  dl.setBackend('webgl');
  const weights = dl.tidy(() => dl.variable(dl.ones([64, 8]).mul(0.1), true, 'weights'));
  const adam = dl.train.adam(0.001);
  const memory = dl.memoryStore();
  const store: dl.CheckpointStore = {
    ...memory,
    save: (bytes) => {
      const [values] = decodeCheckpoint(bytes, 'the spec').values;
      shown.written++;
      if (values!.every((each) => each === 0)) shown.zeros++;
      return memory.save(bytes);
    },
  };
  const xs = Array.from({ length: 32 }, (_, row) => Array.from({ length: 64 }, (_, i) => Math.sin(row + i)));
  const run = ({ position }: { readonly position: number }) => {
    shown.starts++;
    return dl.examples(xs, { epochs: Infinity, startAt: position }).pipe(
      dl.batch(8),
      dl.trainStep(adam, (x) => dl.tanh(dl.matMul(x, weights)).square().mean().add(1).asScalar()),
      dl.checkpoint({ every: 1, store }),
      dl.download(),
    );
  };
  const stream = isResilient ? resilient(adam, run, { store, wait: 60_000 }) : run({ position: 0 });
  const subscription = stream.subscribe({
    next: (loss) => {
      shown.losses.push(loss);
      if (shown.losses.length < steps) return;
      shown.ending = 'complete';
      setTimeout(() => subscription.unsubscribe());
    },
    error: (error: unknown) => {
      shown.ending = (error as Error).name;
      dl.setBackend('webgl');
      shown.after = dl.tidy(() => dl.ones([2]).add(1).dataSync()[1]!);
    },
  });
}

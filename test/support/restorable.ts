/** A model with variables and slots of several types and shapes, for specs that restore checkpoints. */
import * as dl from '../../src/index';

export class Restorable {
  readonly slope = dl.tidy(() => dl.variable(dl.scalar(0), true, 'slope'));
  readonly offset = dl.tidy(() => dl.variable(dl.zeros([2]), true, 'offset'));
  readonly seen = dl.tidy(() => dl.variable(dl.scalar(7, 'int32'), false));
  readonly isOn = dl.tidy(() => dl.variable(dl.tensor1d([true, false]), false, 'isOn'));
  readonly variables: readonly dl.Variable[] = [this.slope, this.offset, this.seen, this.isOn];

  constructor(readonly optimizer: dl.Optimizer = dl.train.adam(0.1)) {}

  /** Takes two steps and makes a checkpoint. */
  async checkpoint(): Promise<Uint8Array> {
    const store = dl.memoryStore();
    await dl
      .examples([1, 2])
      .pipe(
        dl.batch(1),
        dl.trainStep(this.optimizer, (x) =>
          dl.losses.meanSquaredError(dl.tensor1d([1, 2]), this.slope.mul(x).add(this.offset)),
        ),
        dl.checkpoint({ every: 1, store, variables: this.variables }),
      )
      .forEach(() => undefined);
    return (await store.load())!;
  }

  /** The storages of all that a checkpoint restores. They differ after anything was written. */
  places(): Promise<readonly unknown[]> {
    return this.withSlots((slots) => [
      ...this.variables.map(({ storage }) => storage),
      ...slots.map(({ name, tensor }) => [name, tensor.storage]),
      this.optimizer.iterations,
      dl.getRandomState(),
    ]);
  }

  /** Reads the values of the variables and of the slots. */
  values(): Promise<readonly (readonly number[])[]> {
    return this.withSlots((slots) =>
      [...this.variables, ...slots.map(({ tensor }) => tensor)].map((each) => [...each.dataSync()]),
    );
  }

  private async withSlots<T>(
    look: (slots: readonly { readonly name: string; readonly tensor: dl.Tensor }[]) => T,
  ): Promise<T> {
    const weights = await this.optimizer.getWeights();
    try {
      return look(weights.slice(1));
    } finally {
      dl.dispose(weights.map(({ tensor }) => tensor));
    }
  }

  dispose(): void {
    dl.dispose([...this.variables]);
    this.optimizer.dispose();
  }
}

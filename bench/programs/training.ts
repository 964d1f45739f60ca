import { convolutional, perceptron, perceptronOnJax, recurrent, type Trained } from '../cases/training';
import type { Library, Tensor } from '../library';
import type { Against, ProgramCase, Work } from './case';
import { transformerBlock } from './transformer';

/** One step of Adam as the work; it gives the loss. */
export function adamStep(lib: Library, { variables, batch, loss }: Trained): Work {
  const optimizer = lib.train.adam(0.001);
  type Minimize = typeof optimizer.minimize;
  const list = variables as unknown as Parameters<Minimize>[2];
  const f = (...given: Tensor[]): Tensor =>
    optimizer.minimize((() => loss(...given)) as Parameters<Minimize>[0], true, list) as Tensor;
  return { f, args: batch };
}

/** The loss and the gradients as the work. */
function gradients(lib: Library, { variables, batch, loss }: Trained): Work {
  type Grads = Library['variableGrads'];
  const list = variables as unknown as NonNullable<Parameters<Grads>[1]>;
  const f = (...given: Tensor[]): Tensor[] => {
    const { value, grads } = lib.variableGrads((() => loss(...given)) as Parameters<Grads>[0], list);
    return [value as Tensor, ...list.map(({ name }) => grads[name] as Tensor)];
  };
  return { f, args: batch };
}

const unrecorded = (must: number, aim: number): Against => ({ contestant: 'unrecorded', must, aim });

export const training: readonly ProgramCase[] = [
  {
    name: 'MLP 784-128-10, batch 64: one Adam step',
    against: [unrecorded(1.1, 1.2)],
    prepare: (lib, tag) => adamStep(lib, perceptron(lib, tag)),
  },
  {
    name: 'the same MLP: value and gradients',
    against: [{ contestant: 'jax-js', must: 2.3, aim: 2.6, prepare: perceptronOnJax }],
    prepare: (lib, tag) => gradients(lib, perceptron(lib, tag)),
  },
  {
    name: 'CNN of the main job, batch 64: one Adam step',
    against: [unrecorded(1.05, 1.12)],
    tolerance: 1e-4,
    prepare: (lib, tag) => adamStep(lib, convolutional(lib, tag)),
  },
  {
    name: 'LSTM cell of 128, 32 steps: value and gradients',
    against: [unrecorded(1.2, 1.45), { contestant: 'tfjs-cpu', must: 50, aim: 60 }],
    tolerance: 1e-4,
    prepare: (lib, tag) => gradients(lib, recurrent(lib, tag)),
  },
  {
    name: 'transformer block, 128 × 256, 4 heads: forward',
    against: [unrecorded(1.1, 1.3)],
    prepare: (lib, tag) => {
      const { block, batch } = transformerBlock(lib, tag);
      return { f: block as Work['f'], args: batch.slice(0, 1) };
    },
  },
  {
    name: 'transformer block, 128 × 256, 4 heads: one Adam step',
    against: [unrecorded(1.1, 1.3)],
    prepare: (lib, tag) => adamStep(lib, transformerBlock(lib, tag)),
  },
];

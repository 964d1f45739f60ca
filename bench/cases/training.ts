import { tensor, values, type Library, type Tensor, type Tensor2D, type Tensor4D } from '../library';
import type { Case, Prepared } from './case';

const BATCH = 64;

/** Ten classes in turn, one-hot. */
function labels(): Float32Array {
  return Float32Array.from({ length: BATCH * 10 }, (_, i) => (i % 10 === Math.floor(i / 10) % 10 ? 1 : 0));
}

/** Of the batch that comes with it, or of another: programs take theirs as arguments. */
type Loss = (...batch: Tensor[]) => Tensor;

/** A model with a batch for it. */
export interface Trained {
  readonly variables: Tensor[];
  readonly batch: Tensor[];
  readonly loss: Loss;
}

/** One Adam step as the work; its check is the loss and every gradient at the start. */
function adamSteps(lib: Library, variables: readonly Tensor[], loss: Loss): Prepared {
  const optimizer = lib.train.adam(0.001);
  const scalarLoss = loss as Parameters<typeof optimizer.minimize>[0];
  const list = variables as Parameters<typeof lib.variableGrads>[1];
  return {
    run: () => {
      optimizer.minimize(scalarLoss, false, list);
    },
    check: () => gradientsOf(lib, scalarLoss, list),
  };
}

function gradientsOf(
  lib: Library,
  loss: Parameters<Library['variableGrads']>[0],
  variables: Parameters<Library['variableGrads']>[1],
): number[] {
  const { value, grads } = lib.variableGrads(loss, variables);
  const all = [value, ...variables!.map(({ name }) => grads[name]!)];
  const found = all.flatMap((t) => [...t.dataSync()]);
  lib.dispose(all);
  return found;
}

const perceptronShapes: readonly number[][] = [[784, 128], [128], [128, 10], [10]];

export function perceptron(lib: Library, tag: string): Trained {
  const x = tensor(lib, [BATCH, 784], 1) as Tensor2D;
  const y = lib.tensor(labels(), [BATCH, 10]);
  const variables = perceptronShapes.map((shape, i) =>
    lib.variable(tensor(lib, shape, i + 2, 0.1), true, `${tag}/${i}`),
  );
  const [w1, b1, w2, b2] = variables as unknown as [Tensor2D, Tensor, Tensor2D, Tensor];
  const loss = (images: Tensor = x, wanted: Tensor = y): Tensor => {
    const hidden = lib.fused.matMul({
      a: images as Tensor2D,
      b: w1,
      bias: b1,
      activation: 'relu',
    }) as Tensor2D;
    return lib.losses.softmaxCrossEntropy(wanted, lib.fused.matMul({ a: hidden, b: w2, bias: b2 }));
  };
  return { variables, batch: [x, y], loss };
}

export function convolutional(lib: Library, tag = 'cnn'): Trained {
  const x = tensor(lib, [BATCH, 28, 28, 1], 1) as Tensor4D;
  const y = lib.tensor(labels(), [BATCH, 10]);
  const shapes = [[5, 5, 1, 8], [8], [5, 5, 8, 16], [16], [256, 10], [10]];
  const variables = shapes.map((shape, i) =>
    lib.variable(tensor(lib, shape, i + 2, 0.2), true, `${tag}/${i}`),
  );
  const [f1, b1, f2, b2, w, b] = variables as unknown as [
    Tensor4D,
    Tensor,
    Tensor4D,
    Tensor,
    Tensor2D,
    Tensor,
  ];
  const loss = (images: Tensor = x, wanted: Tensor = y): Tensor => {
    const stage = (input: Tensor4D, filter: Tensor4D, bias: Tensor): Tensor4D => {
      const fusion = { bias, activation: 'relu' } as const;
      return lib.maxPool(
        lib.fused.conv2d({ x: input, filter, strides: 1, pad: 'valid', ...fusion }),
        2,
        2,
        'valid',
      );
    };
    const features = stage(stage(images as Tensor4D, f1, b1), f2, b2);
    const logits = lib.fused.matMul({ a: lib.reshape(features, [BATCH, 256]) as Tensor2D, b: w, bias: b });
    return lib.losses.softmaxCrossEntropy(wanted, logits);
  };
  return { variables, batch: [x, y], loss };
}

const CELL = 128;
const STEPS = 32;

export function recurrent(lib: Library, tag = 'lstm'): Trained {
  const inputs = Array.from({ length: STEPS }, (_, i) => tensor(lib, [BATCH, CELL], i + 10) as Tensor2D);
  const kernel = lib.variable(tensor(lib, [2 * CELL, 4 * CELL], 1, 0.05), true, `${tag}/kernel`);
  const bias = lib.variable(tensor(lib, [4 * CELL], 2, 0.05), true, `${tag}/bias`);
  const loss = (...sequence: Tensor[]): Tensor => {
    let [c, h] = [lib.zeros([BATCH, CELL]) as Tensor2D, lib.zeros([BATCH, CELL]) as Tensor2D];
    for (const x of sequence.length > 0 ? sequence : inputs) {
      const cell = [kernel as unknown as Tensor2D, bias as never, x as Tensor2D] as const;
      [c, h] = lib.basicLSTMCell(lib.scalar(1), ...cell, c, h);
    }
    return lib.mean(lib.square(h));
  };
  return { variables: [kernel, bias] as unknown as Tensor[], batch: inputs, loss };
}

/** The perceptron's loss and gradients in jax-js, compiled by its jit. */
export async function perceptronOnJax(): Promise<Prepared> {
  const { defaultDevice, init, jit, nn, numpy, valueAndGrad } = await import('@jax-js/jax');
  await init('wasm');
  defaultDevice('wasm');
  type Value = ReturnType<typeof numpy.array>;
  const make = (data: Float32Array<ArrayBuffer>, shape: number[]): Value => numpy.array(data, { shape });
  const x = make(values(BATCH * 784, 1) as Float32Array<ArrayBuffer>, [BATCH, 784]);
  const y = make(labels() as Float32Array<ArrayBuffer>, [BATCH, 10]);
  const weights = perceptronShapes.map((shape, i) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return make(values(size, i + 2).map((value) => value * 0.1) as Float32Array<ArrayBuffer>, shape);
  });
  const loss = (parameters: Value[], images: Value, wanted: Value): Value => {
    const [w1, b1, w2, b2] = parameters as [Value, Value, Value, Value];
    const hidden = nn.relu(numpy.dot(images, w1).add(b1));
    const scores = nn.logSoftmax(numpy.dot(hidden, w2).add(b2));
    return scores
      .mul(wanted)
      .sum()
      .mul(-1 / BATCH);
  };
  const both = jit(valueAndGrad(loss));
  const check = (): number[] => {
    const [value, gradients] = both(
      weights.map((weight) => weight.ref),
      x.ref,
      y.ref,
    ) as unknown as [Value, Value[]];
    return [value, ...gradients].flatMap((result) => [...(result.dataSync() as Float32Array)]);
  };
  const run = (): void => {
    const [value, gradients] = both(
      weights.map((weight) => weight.ref),
      x.ref,
      y.ref,
    ) as unknown as [Value, Value[]];
    // Work begins when a value is asked for: that of one result, since its program computes all of them.
    value.dataSync();
    for (const gradient of gradients) gradient.dispose();
  };
  return { run, check };
}

export const training: readonly Case[] = [
  {
    name: 'MLP 784-128-10, batch 64: one Adam step',
    peer: 'tfjs-wasm',
    must: 5,
    aim: 8,
    prepare: (lib) => {
      const { variables, loss } = perceptron(lib, 'mlp');
      return adamSteps(lib, variables, loss);
    },
  },
  {
    name: 'the same MLP: value and gradients',
    peer: 'jax-js',
    must: 1.5,
    aim: 2.5,
    prepare: (lib) => {
      const { variables, loss } = perceptron(lib, 'mlp gradients');
      const scalarLoss = loss as Parameters<Library['variableGrads']>[0];
      const list = variables as unknown as NonNullable<Parameters<Library['variableGrads']>[1]>;
      const check = (): number[] => gradientsOf(lib, scalarLoss, list);
      const run = (): void => {
        const { value, grads } = lib.variableGrads(scalarLoss, list);
        // The loss is read, the gradients stay where an optimizer finds them: copying 400 KB into fresh pages takes either
        // side up to three times as long as computing them.
        value.dataSync();
        lib.dispose(grads);
        value.dispose();
      };
      return { run, check };
    },
    preparePeer: perceptronOnJax,
  },
  {
    name: 'CNN of the main job, batch 64: one Adam step',
    peer: 'tfjs-cpu',
    must: 300,
    aim: 600,
    tolerance: 1e-4,
    prepare: (lib) => {
      const { variables, loss } = convolutional(lib);
      return adamSteps(lib, variables, loss);
    },
  },
  {
    name: 'LSTM cell of 128, 32 steps: value and gradients',
    peer: 'tfjs-cpu',
    must: 10,
    aim: 30,
    tolerance: 1e-4,
    prepare: (lib) => {
      const { variables, loss } = recurrent(lib);
      const scalarLoss = loss as Parameters<Library['variableGrads']>[0];
      const list = variables as unknown as Parameters<Library['variableGrads']>[1];
      const run = (): void => {
        const { value, grads } = lib.variableGrads(scalarLoss, list);
        lib.dispose(grads);
        value.dispose();
      };
      return { run, check: () => gradientsOf(lib, scalarLoss, list) };
    },
  },
];

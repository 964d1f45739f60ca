import * as dl from 'rxtensor';
import { loadGraphModel, type GraphModel, type NamedTensors } from 'rxtensor/models';
import { lastValueFrom, map, toArray, type OperatorFunction } from 'rxjs';
import {
  graphFiles,
  ints,
  node,
  placeholder,
  weight,
  type GraphDescription,
} from '../../test/support/graph-files';
import { observeDevice } from '../tensor/device-observers';

/** Loads a model, uses it, and frees it: nothing else may be left. */
async function withModel(
  description: GraphDescription,
  use: (model: GraphModel) => void | Promise<void>,
): Promise<void> {
  const { numTensors } = dl.memory();
  const model = await loadGraphModel(graphFiles(description));
  try {
    await use(model);
  } finally {
    model.dispose();
  }
  expect(dl.memory().numTensors).toBe(numTensors);
}

/** The numbers of a tensor, which is freed. */
async function numbers(tensor: dl.Tensor | NamedTensors): Promise<number[]> {
  const values = [...(await (tensor as dl.Tensor).data())];
  dl.dispose(tensor);
  return values;
}

/** The names of the kernels that run meanwhile. */
function kernelsOf(work: () => void): string[] {
  const kernels: string[] = [];
  const stop = observeDevice({ kernel: ({ kernel }) => void kernels.push(kernel) });
  try {
    work();
  } finally {
    stop();
  }
  return kernels;
}

const x2 = placeholder('x', [-1]);
/** y = x·(2w) + exp(b). What stands behind weights alone is folded. */
const line: GraphDescription = {
  nodes: [
    x2,
    node('twice', 'Mul', 'w two'),
    node('product', 'Mul', 'x twice'),
    node('exp', 'Exp', 'b'),
    node('y', 'Add', 'product exp'),
  ],
  weights: [weight('w', [1, 2]), weight('two', [2], []), weight('b', [0], [1])],
};
/** |x| of a scalar, by a branch; `twice` runs only in the branch of negative numbers. */
const branch: GraphDescription = {
  nodes: [
    placeholder('x', []),
    node('isLess', 'Less', 'x zero'),
    node('switch', 'Switch', 'x isLess'),
    node('negative', 'Neg', 'switch:1'),
    node('y', 'Merge', 'switch negative'),
  ],
  weights: [weight('zero', [0], [])],
  outputs: { y: 'y' },
};

describe('A graph model', () => {
  it('has one signature, with its inputs and outputs in their order', async () => {
    await withModel({ ...line, outputs: { result: 'y', part: 'product' } }, ({ signatures, outputs }) => {
      expect(Object.keys(signatures)).toEqual(['serving_default']);
      const { serving_default: signature } = signatures;
      expect(signature!.inputs).toEqual([{ name: 'x', shape: [null], dtype: 'float32' }]);
      expect(signature!.outputs.map(({ name }) => name)).toEqual(['result', 'part']);
      expect(signature!.outputs).toEqual(outputs);
    });
  });

  it('computes for good what depends on weights alone, and follows a weight that is assigned', async () => {
    await withModel(line, async (model) => {
      const x = dl.tensor1d([3, 4]);
      expect(await numbers(model.predict(x))).toEqual([7, 17]);
      const kernels = kernelsOf(() => dl.dispose(model.predict(x)));
      expect(kernels.length).toBeLessThanOrEqual(2);
      const w = dl.tensor1d([0, 1]);
      model.variables.w!.assign(w);
      expect(await numbers(model.predict(x))).toEqual([1, 9]);
      expect(await numbers(model.predict(x))).toEqual([1, 9]);
      dl.dispose([x, w]);
    });
  });

  it('follows a weight that was trained meanwhile, though an optimizer writes in place', async () => {
    await withModel(line, async (model) => {
      const x = dl.tensor1d([3, 4]);
      const before = await numbers(model.predict(x));
      const optimizer = dl.train.sgd(0.1);
      model.trainable = true;
      for (let i = 0; i < 3; i++) optimizer.minimize(() => (model.predict(x) as dl.Tensor).sum<dl.Scalar>());
      const trained = await numbers(model.predict(x));
      model.trainable = false;
      expect(await numbers(model.predict(x))).toEqual(trained);
      expect(trained).not.toEqual(before);
      optimizer.dispose();
      x.dispose();
    });
  });

  it('keeps a plan for each kind of input, the last 16', async () => {
    const weights = [weight('w', [2]), weight('two', [2], []), weight('b', [0], [1])];
    await withModel({ ...line, weights }, (model) => {
      const { numTensors } = dl.memory();
      const left: number[] = [];
      for (let round = 0; round < 3; round++) {
        for (let i = 1; i <= 20; i++) {
          dl.dispose(model.predict(new Array<number>(i).fill(1)));
          dl.dispose(model.execute([1], ['twice', 'y', 'product'].slice(i % 3)));
        }
        left.push(dl.memory().numTensors);
      }
      expect(left[2]).toBe(left[1]);
      expect(left[2]! - numTensors).toBeLessThan(16 * 8);
    });
  });

  it('gives its inputs, weights and the same value twice as tensors of their own', async () => {
    await withModel(
      { ...line, outputs: { a: 'x', b: 'w', c: 'y', d: 'y', e: 'twice', f: 'exp' } },
      async (model) => {
        for (let run = 0; run < 3; run++) {
          const x = dl.tensor1d([3, 4]);
          const outputs = model.predict(x) as Record<string, dl.Tensor>;
          expect(new Set([x, model.variables.w, ...Object.values(outputs)]).size).toBe(8);
          x.dispose();
          const values = await Promise.all(
            Object.values(outputs).map(async (each) => [...(await each.data())]),
          );
          expect(values).toEqual([[3, 4], [1, 2], [7, 17], [7, 17], [2, 4], [1]]);
          dl.dispose(outputs);
        }
        expect(model.variables.w!.isDisposed).toBeFalse();
      },
    );
  });

  it('runs the part of it on which a node depends, now and later', async () => {
    await withModel({ ...line, outputs: { result: 'y' } }, async (model) => {
      const [product, result] = model.execute([3, 4], ['product:0', 'result']);
      expect([await numbers(product!), await numbers(result!)]).toEqual([
        [6, 16],
        [7, 17],
      ]);
      expect(await numbers(model.execute({ x: [1, 1] }, 'twice'))).toEqual([2, 4]);
      for (const of of [
        () => model.executeAsync([3, 4], ['y', 'w']),
        () => model.executeAsync({ x: [3, 4] }, ['y', 'w']),
      ]) {
        const [y, w] = await of();
        expect([await numbers(y!), await numbers(w!)]).toEqual([
          [7, 17],
          [1, 2],
        ]);
      }
      expect(await numbers(await model.predictAsync([3, 4]))).toEqual([7, 17]);
      expect(() => model.execute([1, 2], ['y', 'none'])).toThrowError(
        "execute: argument 'names' has 'none'; wanted a node of the model, or an output: result",
      );
      expect(() => model.execute([1, 2], 'y:3')).toThrowError(
        /^execute: the output 3 of node 'y' was not computed; wanted/,
      );
      expect(model.execute([1, 2], [])).toEqual([]);
    });
  });

  it('takes no input on which the asked-for values do not depend', async () => {
    const two: GraphDescription = {
      nodes: [placeholder('a', [1]), placeholder('b', [1]), node('p', 'Neg', 'a'), node('q', 'Add', 'p b')],
      outputs: { p: 'p', q: 'q' },
    };
    await withModel(two, async (model) => {
      const a = dl.tensor1d([2]);
      expect(await numbers(model.execute({ a }, 'p'))).toEqual([-2]);
      expect(await numbers(await model.executeAsync({ a }, 'p'))).toEqual([-2]);
      // What is given is checked all the same.
      const wrong = dl.tensor1d([1, 2]);
      expect(() => model.execute({ a, b: wrong }, 'p')).toThrowError(/^execute: input 'b' is float32 \[2\]/);
      expect(() => model.execute({ a }, ['p', 'q'])).toThrowError(
        "execute: input 'b' is missing; wanted float32 [1]",
      );
      dl.dispose([a, wrong]);
    });
  });

  it('refuses to run a node with an op that is not supported, though it can be loaded', async () => {
    const nodes = [...line.nodes, node('odd', 'StringJoin', 'x'), node('lost', 'Const')];
    await withModel({ ...line, nodes, outputs: { y: 'y' } }, (model) => {
      expect(() => model.execute([1, 2], 'odd')).toThrowError(
        /^execute: the model uses ops that are not supported: StringJoin \(in 'odd'\)/,
      );
      expect(() => model.execute([1, 2], 'lost')).toThrowError(
        /^execute: the constant 'lost' has no values; wanted/,
      );
    });
  });

  it('names an input that is missing, unknown or wrong, and leaves nothing', async () => {
    const two: GraphDescription = {
      nodes: [
        placeholder('x', [-1, 2]),
        placeholder('n', [], 'DT_INT32'),
        node('c', 'Cast', 'n', { DstT: 'DT_FLOAT' }),
        node('y', 'Mul', 'x c'),
      ],
    };
    await withModel(two, async (model) => {
      const cases: readonly [inputs: unknown, message: string][] = [
        [{ x: [[1, 2]] }, "input 'n' is missing; wanted int32 []"],
        [{ x: [[1, 2]], n: null }, "input 'n' is missing; wanted int32 []"],
        [{ x: [[1, 2]], n: 1, z: 1 }, "argument 'inputs' has 'z'; wanted inputs of the model: x, n"],
        [{ x: [1, 2], n: 1 }, "input 'x' is float32 [2]; wanted float32 [any, 2]"],
        [{ x: [[1, 2]], n: [1] }, "input 'n' is int32 [1]; wanted int32 []"],
        [{ x: [[1, 2]], n: 'a' }, "argument 'n' is a string; wanted a tensor, a number, or nested arrays"],
        [{ x: [[1, 2], [1]], n: 1 }, "argument 'x' is ragged"],
        [[[[1, 2]]], "argument 'inputs' is [[[1,2]]]; wanted 2: x, n"],
        [3, "argument 'inputs' is 3; wanted an object or a list with 2 inputs: x, n"],
        [null, "argument 'inputs' is null; wanted an object or a list with 2 inputs: x, n"],
      ];
      for (const [inputs, message] of cases) {
        const { numTensors } = dl.memory();
        const begin = message.replace(/[^\w ']/g, '.');
        expect(() => model.predict(inputs as number)).toThrowError(new RegExp(`^predict: ${begin}`));
        const error = (await model
          .predictAsync(inputs as number)
          .catch((thrown: unknown) => thrown)) as Error;
        expect(error.message).toContain(message);
        expect(error.message).toMatch(/^predictAsync: /);
        expect(dl.memory().numTensors).toBe(numTensors);
      }
      const x = dl.tensor2d([[1, 2]]);
      const n = dl.scalar(3);
      expect(() => model.predict([x, n])).toThrowError("predict: input 'n' is float32 []; wanted int32 []");
      expect(await numbers(model.predict([[[1, 2]], 3]))).toEqual([3, 6]);
      expect(await numbers(model.predict([x, 3]))).toEqual([3, 6]);
      dl.dispose([x, n]);
      expect(() => model.predict([x, 3])).toThrowError(/^predict: argument 'x' is tensor #\d+.*was disposed/);
    });
  });

  it('names the node and the operator where an op fails, and leaves nothing', async () => {
    await withModel(
      { nodes: [placeholder('x', [-1]), node('y', 'Mul', 'x w')], weights: [weight('w', [1, 2])] },
      async (model) => {
        const { numTensors } = dl.memory();
        expect(() => model.predict([1, 2, 3])).toThrowError(
          /^predict: Mul of node 'y' of \(float32 \[3\], float32 \[2\]\): mul: /,
        );
        await expectAsync(model.executeAsync([1, 2, 3], ['y'])).toBeRejectedWithError(
          /^executeAsync: Mul of node 'y'/,
        );
        expect(dl.memory().numTensors).toBe(numTensors);
      },
    );
  });

  it('frees each value when the last has read it', async () => {
    const chain = Array.from({ length: 30 }, (_, i) =>
      node(`n${i}`, 'Add', `${i === 0 ? 'x' : `n${i - 1}`} one`),
    );
    await withModel(
      { nodes: [placeholder('x', [64]), ...chain], weights: [weight('one', [1], [])] },
      async (model) => {
        const x = dl.zeros([64]);
        dl.dispose(model.predict(x));
        const before = dl.memory().numBytes;
        let most = 0;
        const stop = observeDevice({ kernel: () => void (most = Math.max(most, dl.memory().numBytes)) });
        const y = model.predict(x);
        stop();
        expect(most - before).toBeLessThanOrEqual(3 * 64 * 4);
        expect((await numbers(y))[5]).toBe(30);
        x.dispose();
      },
    );
  });

  it('is disposed once and for all', async () => {
    await withModel(line, async (model) => {
      dl.dispose(model.predict([1, 2]));
      model.variables.w!.dispose();
      model.dispose();
      model.dispose();
      expect(() => model.predict([1, 2])).toThrowError(
        'predict: the model was disposed; wanted one that is not',
      );
      await expectAsync(model.executeAsync([1, 2], ['y'])).toBeRejectedWithError(
        /^executeAsync: the model was disposed/,
      );
    });
  });

  it('that is disposed while it waits for the device says so', async () => {
    await withModel(branch, async (model) => {
      const running = model.predictAsync(3);
      model.dispose();
      await expectAsync(running).toBeRejectedWithError(
        'predictAsync: the model was disposed; wanted one that is not',
      );
    });
    await withModel(branch, async (model) => {
      dl.dispose(model.predict(3));
      const running = model.predictAsync(3);
      model.dispose();
      await expectAsync(running).toBeRejectedWithError(
        'predictAsync: the model was disposed; wanted one that is not',
      );
    });
  });

  it('decides by values, in turn both ways, now and later', async () => {
    await withModel(branch, async (model) => {
      for (const x of [3, -4, 5, -6, 0]) {
        expect(await numbers(model.predict(x))).toEqual([Math.abs(x)]);
        expect(await numbers(await model.predictAsync(x))).toEqual([Math.abs(x)]);
      }
      const all = [1, -2, 3, -4, 5, -6];
      const results = await Promise.all(all.map((x) => model.predictAsync(x)));
      expect(await Promise.all(results.map(numbers))).toEqual(all.map((x) => [Math.abs(x)]));
      expect(kernelsOf(() => dl.dispose(model.predict(-7))).length).toBeLessThanOrEqual(3);
    });
  });

  it('needs no value of the caller while it waits, and no scope', async () => {
    await withModel(branch, async (model) => {
      for (let i = 0; i < 2; i++) {
        const x = dl.scalar(-3);
        let running!: Promise<dl.Tensor | NamedTensors>;
        dl.tidy(() => {
          running = model.predictAsync(x);
        });
        x.dispose();
        expect(await numbers(await running)).toEqual([3]);
      }
    });
  });

  it('may be asked for other kinds of inputs while a run waits, so that its plan goes', async () => {
    const sums: GraphDescription = {
      nodes: [
        placeholder('x', [-1]),
        node('sum', 'Sum', 'x axis'),
        node('isLess', 'Less', 'sum zero'),
        node('switch', 'Switch', 'sum isLess'),
        node('half', 'Mul', 'w w'),
        node('product', 'Mul', 'switch half'),
        node('y', 'Merge', 'product switch:1'),
      ],
      weights: [ints('axis', [0]), weight('zero', [0], []), weight('w', [3])],
      outputs: { y: 'y' },
    };
    await withModel(sums, async (model) => {
      dl.dispose(model.predict([1, 2]));
      const running = model.predictAsync([1, 2]);
      for (let i = 3; i < 22; i++) dl.dispose(model.predict(new Array<number>(i).fill(1)));
      expect(await numbers(await running)).toEqual([27]);
    });
  });

  it('has gradients for its weights and its inputs, of the second order too', async () => {
    await withModel(
      {
        ...line,
        nodes: [
          ...line.nodes,
          node('square', 'Square', 'y'),
          node('stopped', 'StopGradient', 'product'),
          node('z', 'Mul', 'stopped y'),
        ],
        outputs: { square: 'square' },
      },
      async (model) => {
        model.trainable = true;
        const x = dl.tensor1d([3, 4]);
        for (let run = 0; run < 2; run++) {
          const { value, grads } = dl.variableGrads(() => (model.predict(x) as dl.Tensor).sum<dl.Scalar>());
          // y = [7, 17]; dy²/dw = 2y·2x, dy²/db = Σ 2y·exp(b).
          expect(await numbers(value)).toEqual([49 + 289]);
          expect(await numbers(grads.w!)).toEqual([84, 272]);
          expect(await numbers(grads.b!)).toEqual([48]);
          const second = dl.grad(dl.grad((input: dl.Tensor) => (model.predict(input) as dl.Tensor).sum()));
          // y² = (2wx + 1)²: its second derivative is 2·(2w)².
          expect(await numbers(second(x))).toEqual([8, 32]);
          const stopped = dl.grad((input: dl.Tensor) => model.execute(input, 'z').sum());
          // z = stopped·y: only y has a slope, 2w.
          expect(await numbers(stopped(x))).toEqual([6 * 2, 16 * 4]);
        }
        x.dispose();
      },
    );
  });

  it('is a function of tensors in tidy, streams, and a loss', async () => {
    await withModel(line, async (model) => {
      const stream = dl
        .examples([
          [1, 2],
          [3, 4],
        ])
        .pipe(dl.mapTensor((row) => dl.tensor1d(row)));
      const predicted = [
        [3, 9],
        [7, 17],
      ];
      const read = (through: OperatorFunction<dl.Tensor, dl.Tensor | NamedTensors>): Promise<number[][]> =>
        lastValueFrom(
          stream.pipe(
            through,
            dl.download(),
            map((row) => [...(row as unknown as Float32Array)]),
            toArray(),
          ),
        );
      const { numTensors } = dl.memory();
      expect(await read(dl.mapTensor((x: dl.Tensor) => model.predict(x)))).toEqual(predicted);
      const kept = dl.memory().numTensors;
      expect(await read(dl.predict((x: dl.Tensor) => model.predict(x)))).toEqual(predicted);
      for (const concurrency of [1, 4]) {
        expect(
          await read(dl.mapTensorAsync((x: dl.Tensor) => model.predictAsync(x), { concurrency })),
        ).toEqual(predicted);
      }
      expect(dl.memory().numTensors).toBe(kept);
      expect(kept).toBeGreaterThan(numTensors);
      model.trainable = true;
      const optimizer = dl.train.sgd(0.001);
      const losses = await lastValueFrom(
        stream.pipe(
          dl.trainStep(optimizer, (x: dl.Tensor1D) =>
            (model.predict(x) as dl.Tensor).square().mean<dl.Scalar>(),
          ),
          toArray(),
        ),
      );
      expect(losses.length).toBe(2);
      expect(await numbers(dl.tidy(() => model.predict([1, 2]) as dl.Tensor))).not.toEqual(predicted[0]!);
      optimizer.dispose();
    });
  });

  it('can be warmed up', async () => {
    await withModel(line, async (model) => {
      const x = dl.tensor1d([3, 4]);
      await dl.warmUp((input) => model.predict(input), x);
      expect(await numbers(model.predict(x))).toEqual([7, 17]);
      await dl.warmUp((input) => model.predict(input), x);
      expect(await numbers(model.predict(x))).toEqual([7, 17]);
      x.dispose();
    });
  });

  it('tells what it is made of', async () => {
    await withModel({ ...line, outputs: { result: 'y' } }, (model) => {
      expect(model.summary().split('\n')).toEqual([
        'inputs',
        '  x: float32 [?]',
        'outputs',
        '  result: any dtype of any shape',
        'variables: 2, of 3 numbers',
        'ops',
        '  Mul: 2',
        '  Exp: 1',
        '  Add: 1',
      ]);
    });
  });

  it('without inputs takes an empty list or object', async () => {
    await withModel({ nodes: [node('y', 'Neg', 'w')], weights: [weight('w', [1, 2])] }, async (model) => {
      expect(await numbers(model.predict([]))).toEqual([-1, -2]);
      expect(await numbers(model.predict({}))).toEqual([-1, -2]);
    });
  });
});

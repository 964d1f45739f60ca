// Public graph models give what they give on TensorFlow.js. `npm run test:models` compares all of them; `npm test` a few, which change
// from day to day: --flags models=N,day=D repeats a choice.
import * as dl from 'rxtensor';
import { loadGraphModel } from 'rxtensor/models';
import { comparedNode, installModels, modelArtifacts, modelFiles, modelNames, tensorFlow } from './packages';
import { pictureFor } from './picture';

installModels();

interface ModelRun {
  /** How many models are compared; all if left out. */
  readonly models?: number;
  /** The day that chooses them, counted from 1970. */
  readonly day?: number;
}
const { models, day = Math.floor(Date.now() / 86_400_000) } = (
  globalThis as unknown as { __RXTENSOR_TEST__: ModelRun }
).__RXTENSOR_TEST__;

const all = modelNames();
const count = Math.min(models ?? all.length, all.length);
const chosen = Array.from({ length: count }, (_, i) => all[(day * count + i) % all.length]!);
console.log(
  `${count} of ${all.length} public models, chosen by --flags models=${count},day=${day}: ${chosen.join(', ')}`,
);

/** How far a value may be from TensorFlow.js's, relative to the greatest of its output. */
const TOLERANCE = 1e-3;

/** The results of TensorFlow.js. */
async function expected(
  name: string,
  outputs: readonly string[],
  pictures: ReadonlyMap<string, ReturnType<typeof pictureFor>>,
) {
  const { tf, converter } = await tensorFlow();
  tf.engine().startScope();
  try {
    const model = await converter.loadGraphModel({ load: () => Promise.resolve(modelArtifacts(name)) });
    const feeds = model.inputs.map((input, i) => {
      const { values, shape, dtype } = [...pictures.values()][i]!;
      return [input.name, tf.tensor(values, shape, dtype)] as const;
    });
    const results = await model.executeAsync(Object.fromEntries(feeds), outputs);
    return [results]
      .flat()
      .map((result) => ({ shape: [...result.shape], values: Array.from(result.dataSync()) }));
  } finally {
    tf.engine().endScope();
  }
}

function distance(found: ArrayLike<number>, wanted: readonly number[]): number {
  let [greatest, farthest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(found[i]! - wanted[i]!);
    if (!(off <= farthest)) farthest = off;
    greatest = Math.max(greatest, Math.abs(wanted[i]!));
  }
  return greatest === 0 ? farthest : farthest / greatest;
}

describe('public graph models', () => {
  beforeAll(() => dl.setBackend('cpu'));

  for (const name of chosen) {
    it(`${name} gives what it gives on TensorFlow.js`, async () => {
      const before = dl.memory().numTensors;
      const model = await loadGraphModel(modelFiles(name));
      const pictures = new Map(model.inputs.map((input) => [input.name, pictureFor(input)]));
      const outputs = model.outputs.map((output) => comparedNode(name, output.name));
      const wanted = await expected(name, outputs, pictures);
      const inputs = Object.fromEntries(
        [...pictures].map(([input, { values, shape, dtype }]) => [input, dl.tensor(values, shape, dtype)]),
      );
      const traced = model.execute(inputs, outputs);
      const planned = await model.executeAsync(inputs, outputs);
      for (const [i, { shape, values }] of wanted.entries()) {
        expect(traced[i]!.shape).withContext(outputs[i]!).toEqual(shape);
        const found = await traced[i]!.data();
        expect(distance(found, values)).withContext(outputs[i]!).toBeLessThan(TOLERANCE);
        expect(await planned[i]!.data())
          .withContext(outputs[i]!)
          .toEqual(found);
      }
      dl.dispose([inputs, traced, planned]);
      model.dispose();
      expect(dl.memory().numTensors).toBe(before);
    });
  }
});

// Public graph models give what they give on TensorFlow.js.
import * as dl from 'rxtensor';
import { loadGraphModel } from 'rxtensor/models';
import { chosenToday, distance, TOLERANCE } from './daily';
import { comparedNode, installModels, modelArtifacts, modelFiles, modelNames, tensorFlow } from './packages';
import { pictureFor } from './picture';

installModels();

const chosen = chosenToday(modelNames(), 'public graph models', (name) => name);

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

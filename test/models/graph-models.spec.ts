// Public graph models give what they give on TensorFlow.js.
import * as dl from 'rxtensor';
import { loadGraphModel } from 'rxtensor/models';
import { chosen, TOLERANCE } from './choice';
import { distance } from './distance';
import { comparedNode, installModels, modelFiles, modelNames, onTensorFlow } from './packages';
import { pictureFor } from './picture';

installModels();

const names = chosen('public graph models', modelNames());

describe('public graph models', () => {
  beforeAll(() => dl.setBackend('cpu'));

  for (const name of names) {
    it(`${name} gives what it gives on TensorFlow.js`, async () => {
      const before = dl.memory().numTensors;
      const model = await loadGraphModel(modelFiles(name));
      const pictures = new Map(model.inputs.map((input) => [input.name, pictureFor(input)]));
      const outputs = model.outputs.map((output) => comparedNode(name, output.name));
      const wanted = await onTensorFlow(name, outputs, [...pictures.values()]);
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

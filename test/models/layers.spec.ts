// Public models of layers, and the graph models of the same packages, give what they give on TensorFlow.js.
import * as dl from 'rxtensor';
import { loadGraphModel, loadLayersModel, type ModelFiles, type TensorDescription } from 'rxtensor/models';
import { chosen, TOLERANCE } from './choice';
import { distance } from './distance';
import { artifactsOf, tensorFlowLayers } from './layers-reference';
import { layersModels, otherGraphModels } from './other-packages';
import { installModels, tensorFlow, type TensorFlowTensor } from './packages';
import { pictureFor } from './picture';

installModels();

/** Models that take pictures of any size get small ones: TensorFlow.js is slow here. */
const SIDE = 24;

function pictureOf({ shape, ...rest }: TensorDescription) {
  const small = (shape ?? []).map((extent, axis) => extent ?? (axis === 1 || axis === 2 ? SIDE : null));
  return pictureFor({ ...rest, shape: small });
}

/** A value for an input: a sound where a model takes samples, else a picture. */
function inputOf(description: TensorDescription): ReturnType<typeof pictureFor> {
  const picture = pictureFor(description);
  if (picture.shape.length !== 3) return picture;
  // Two tones at 22050 samples a second, in noise: in silence, the logarithm that such models take makes much of rounding, there as well.
  const sound = (t: number): number =>
    0.5 * Math.sin(2 * Math.PI * 440 * t) + 0.3 * Math.sin(2 * Math.PI * 660 * t);
  const noise = (i: number): number => 0.2 * Math.sin(12.9898 * i * i);
  const values = Float32Array.from(picture.values, (_, i) => sound(i / 22050) + noise(i));
  return { ...picture, values };
}

interface GraphJson {
  readonly modelTopology: {
    readonly node: readonly {
      readonly name: string;
      readonly op: string;
      readonly input?: readonly string[];
    }[];
  };
  readonly signature?: { readonly outputs?: Readonly<Record<string, { readonly name: string }>> };
}

/** What a sigmoid at the end is of: near 0, rounding before it makes much of little. Else the output itself. */
function comparedNode({ modelTopology, signature }: GraphJson, output: string): string {
  const nodes = new Map(modelTopology.node.map((node) => [node.name, node]));
  const named = signature?.outputs?.[output]?.name ?? output;
  let node = nodes.get(named.replace(/:0$/, ''));
  while (node && ['Identity', 'Reshape'].includes(node.op)) node = nodes.get(node.input![0]!);
  return node?.op === 'Sigmoid' ? node.input![0]! : named;
}

const kept = (results: TensorFlowTensor | readonly TensorFlowTensor[]) =>
  [results].flat().map((result) => ({ shape: [...result.shape], values: Array.from(result.dataSync()) }));

async function layersThere(files: ModelFiles, picture: ReturnType<typeof pictureOf>) {
  const { tf, reference } = await tensorFlowLayers();
  const artifacts = await artifactsOf(files);
  tf.engine().startScope();
  try {
    const model = await reference.loadLayersModel({ load: () => Promise.resolve(artifacts) });
    return kept(model.predict(tf.tensor(picture.values, picture.shape, picture.dtype)));
  } finally {
    tf.engine().endScope();
  }
}

describe('public models of layers', () => {
  beforeAll(() => dl.setBackend('cpu'));

  for (const name of chosen('public models of layers', Object.keys(layersModels))) {
    it(`${name} gives what it gives on TensorFlow.js, also when it was saved`, async () => {
      const before = dl.memory().numTensors;
      const files = layersModels[name]!();
      const model = await loadLayersModel(files);
      const picture = pictureOf(model.inputs[0]!);
      const [wanted] = await layersThere(files, picture);
      const x = dl.tensor(picture.values, picture.shape, picture.dtype);
      const y = model.predict(x) as dl.Tensor;
      expect(y.shape).toEqual(wanted!.shape);
      const values = await y.data();
      const off = distance(values, wanted!.values);
      console.log(`${name}: ${off.toExponential(1)}`);
      expect(off).toBeLessThan(TOLERANCE);

      const store = dl.memoryStore();
      await model.save(store);
      const again = await loadLayersModel(store);
      const same = again.predict(x) as dl.Tensor;
      expect(await same.data()).toEqual(values);
      dl.dispose([x, y, same]);
      model.dispose();
      again.dispose();
      expect(dl.memory().numTensors).toBe(before);
    });
  }

  for (const name of chosen('graph models of these packages', Object.keys(otherGraphModels))) {
    it(`${name}, a graph, gives what it gives on TensorFlow.js`, async () => {
      const before = dl.memory().numTensors;
      const files = otherGraphModels[name]!();
      const model = await loadGraphModel(files);
      const { tf, converter } = await tensorFlow();
      const json = JSON.parse(new TextDecoder().decode(await files.readFirst())) as GraphJson;
      const artifacts = { ...json, ...(await artifactsOf(files)) };
      tf.engine().startScope();
      const there = await converter.loadGraphModel({ load: () => Promise.resolve(artifacts) });
      const picture = inputOf(model.inputs[0]!);
      const names = model.outputs.map((output) => comparedNode(json, output.name));
      const feed = tf.tensor(picture.values, picture.shape, picture.dtype);
      const wanted = kept(await there.executeAsync({ [there.inputs[0]!.name]: feed }, names));
      tf.engine().endScope();
      const x = dl.tensor(picture.values, picture.shape, picture.dtype);
      const found = await model.executeAsync(x, names);
      for (const [i, { shape, values }] of wanted.entries()) {
        expect(found[i]!.shape).withContext(names[i]!).toEqual(shape);
        const off = distance(await found[i]!.data(), values);
        console.log(`${name} ${names[i]!}: ${off.toExponential(1)}`);
        expect(off).withContext(names[i]!).toBeLessThan(TOLERANCE);
      }
      dl.dispose([x, found]);
      model.dispose();
      expect(dl.memory().numTensors).toBe(before);
    });
  }
});

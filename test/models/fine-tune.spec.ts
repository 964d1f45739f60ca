// Public classifiers are tuned to other classes: first a new head alone, then the whole net.
import * as dl from 'rxtensor';
import { layers, loadGraphModel, loadLayersModel, model } from 'rxtensor/models';
import { firstValueFrom, map, range, toArray } from 'rxjs';
import { chosen } from './choice';
import { layersModels, otherGraphModels } from './other-packages';
import { installModels } from './packages';

installModels();

const SIDE = 224;
const PICTURES = 4;
const HEAD_STEPS = 6;
const NET_STEPS = 3;

interface Batch {
  readonly x: dl.Tensor;
  readonly y: dl.Tensor;
}

/** A classifier whose body was loaded and whose head is new. */
interface Tuned {
  readonly logits: (x: dl.Tensor) => dl.Tensor;
  /** The loaded weights that are to be trained in the end. */
  readonly body: readonly dl.Variable[];
  readonly dispose: () => void;
}

/** Pictures with stripes across or along, each at another phase, and their classes. */
function stripes(): Batch {
  const size = SIDE * SIDE * 3;
  const values = Float32Array.from({ length: PICTURES * size }, (_, i) => {
    const picture = Math.floor(i / size);
    const pixel = Math.floor((i % size) / 3);
    const along = picture % 2 === 0 ? pixel % SIDE : Math.floor(pixel / SIDE);
    return 0.5 + 0.5 * Math.sin(along / 3 + picture);
  });
  const classes = Float32Array.from({ length: 2 * PICTURES }, (_, i) =>
    Number(i % 2 === Math.floor(i / 2) % 2),
  );
  return { x: dl.tensor(values, [PICTURES, SIDE, SIDE, 3]), y: dl.tensor(classes, [PICTURES, 2]) };
}

/** A graph model: the head stands on a node in its middle. */
async function tunedGraph(): Promise<Tuned> {
  const graph = await loadGraphModel(otherGraphModels['nsfwjs mobilenet_v2_mid']!());
  const pooled = graph.nodes.find(({ op }) => op === 'AvgPool')!.name;
  const head = layers.dense({ units: 2, inputShape: [1280], name: 'head' });
  return {
    logits: (x) => dl.tidy(() => head.apply(graph.execute(x, pooled).reshape([PICTURES, -1]))),
    // All but kernel and bias of its own head, which the new one does not see.
    body: Object.values(graph.variables).filter(
      ({ shape }) => shape[1] !== 5 && !(shape.length === 1 && shape[0] === 5),
    ),
    dispose: () => {
      graph.dispose();
      head.dispose();
    },
  };
}

/** A model of layers: the head takes the place of its own. */
async function tunedLayers(): Promise<Tuned> {
  const trained = await loadLayersModel(layersModels['nsfwjs mobilenet_v2']!());
  trained.trainable = false;
  const features = trained.symbolicOutput('flatten_1');
  const head = layers.dense({ units: 2, name: 'head' });
  const tuned = model({ inputs: trained.symbolicInputs, outputs: head.apply(features) });
  return {
    // As in Keras: frozen batch normalizations go on with their moving statistics.
    logits: (x) => tuned.apply(x, { training: true }),
    body: Object.values(tuned.variables).filter(
      ({ name }) => !name.startsWith('head') && !/moving_(mean|variance)$/.test(name),
    ),
    dispose: () => {
      tuned.dispose();
      trained.dispose();
    },
  };
}

/** The loss of each step, and the tensors that are alive behind each. */
async function trained(
  { logits }: Tuned,
  { x, y }: Batch,
  steps: number,
  rate: number,
): Promise<readonly { readonly loss: number; readonly numTensors: number }[]> {
  const optimizer = dl.train.sgd(rate);
  const losses = range(0, steps).pipe(
    dl.mapTensor(() => dl.losses.softmaxCrossEntropy(y, logits(x))),
    dl.trainStep(optimizer),
    dl.download(),
    map((loss) => ({ loss, numTensors: dl.memory().numTensors })),
    toArray(),
  );
  const all = await firstValueFrom(losses);
  optimizer.dispose();
  return all;
}

const classifiers = { 'a graph model': tunedGraph, 'a model of layers': tunedLayers };

describe('public classifiers', () => {
  beforeAll(() => dl.setBackend('cpu'));

  for (const kind of chosen('classifiers', Object.keys(classifiers))) {
    it(`${kind} is tuned to new classes, with a frozen body and whole`, async () => {
      const before = dl.memory().numTensors;
      dl.setSeed(1);
      const batch = stripes();
      const tuned = await classifiers[kind as keyof typeof classifiers]();
      const body = tuned.body.map((each) => each.clone());
      const isChanged = (): boolean[] =>
        tuned.body.map((each, i) => dl.tidy(() => each.notEqual(body[i]!).any().dataSync()[0] !== 0));

      const ofHead = await trained(tuned, batch, HEAD_STEPS, 0.02);
      expect(ofHead.at(-1)!.loss).toBeLessThan(0.7 * ofHead[0]!.loss);
      expect(new Set(isChanged())).toEqual(new Set([false]));

      for (const each of tuned.body) each.trainable = true;
      const ofNet = await trained(tuned, batch, NET_STEPS, 0.002);
      expect(ofNet.at(-1)!.loss).toBeLessThan(ofNet[0]!.loss);
      expect(new Set(isChanged())).toEqual(new Set([true]));

      // The first step makes a plan, which keeps what it has folded.
      for (const steps of [ofHead, ofNet])
        expect(new Set(steps.slice(1).map(({ numTensors }) => numTensors)).size).toBe(1);
      console.log(`${kind}: losses ${[...ofHead, ...ofNet].map(({ loss }) => loss.toFixed(3)).join(', ')}`);
      dl.dispose([batch.x, batch.y, body]);
      tuned.dispose();
      expect(dl.memory().numTensors).toBe(before);
    });
  }
});

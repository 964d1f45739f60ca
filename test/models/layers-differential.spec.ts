// Layers give what they give in TensorFlow.js: what it saves is loaded here, and what is saved here it loads.
import * as dl from 'rxtensor';
import { loadLayersModel, type ModelFiles } from 'rxtensor/models';
import { layerDraws, type LayerDraw, type Pick } from './layer-draws';
import { distance } from './distance';
import { artifactsOf, savedFiles, tensorFlowLayers, type ReferenceModel } from './layers-reference';
import { installModels, type TensorFlow, type TensorFlowTensor } from './packages';

installModels();

const DRAWS = 8;
const TOLERANCE = 1e-4;

/** Numbers in [0, 1) that are the same each time (a linear congruential generator). */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32;
}

const product = (shape: readonly number[]): number => shape.reduce((size, extent) => size * extent, 1);

/** Weights that show more than those of a new layer: none is 0 or 1, and variances are positive. */
function weigh(tf: TensorFlow, model: ReferenceModel, next: () => number): void {
  const values = model.weights.map(({ shape, originalName }) => {
    const least = originalName.includes('variance') ? 0.5 : -0.6;
    const numbers = Float32Array.from({ length: product(shape) }, () => least + 1.2 * next());
    return tf.tensor(numbers, shape, 'float32');
  });
  model.setWeights(values);
}

/** A model of one drawn layer. */
async function drawn(name: string, draw: LayerDraw, next: () => number) {
  const { tf, reference } = await tensorFlowLayers();
  const inputs = draw.inputs.map(([, ...shape]) =>
    reference.input({ shape, dtype: draw.dtype ?? 'float32' }),
  );
  const inner = draw.inner && { layer: reference.layers[draw.inner[0]]!(draw.inner[1]) };
  const layer = reference.layers[name]!({ ...draw.options, ...inner });
  const outputs = layer.apply(inputs.length === 1 ? inputs[0]! : inputs);
  const model = reference.model({ inputs, outputs });
  weigh(tf, model, next);
  return { tf, reference, model };
}

const kept = (result: TensorFlowTensor | TensorFlowTensor[]) => {
  const [tensor] = [result].flat();
  return { shape: [...tensor!.shape], values: Array.from(tensor!.dataSync()) };
};

describe('layers beside those of TensorFlow.js', () => {
  beforeAll(() => dl.setBackend('cpu'));

  for (const [name, draw] of Object.entries(layerDraws)) {
    it(`${name} gives the same, loaded from there, and there when saved here`, async () => {
      const before = dl.memory().numTensors;
      for (let seed = 1; seed <= DRAWS; seed++) {
        const next = generator(seed * 7919);
        const pick: Pick = (...values) => values[Math.floor(next() * values.length)];
        const layer = draw(pick);
        const context = `draw ${seed}: ${JSON.stringify(layer)}`;
        const { tf, reference, model } = await drawn(name, layer, next);
        const values = layer.inputs.map((shape) =>
          layer.dtype === 'int32'
            ? Int32Array.from({ length: product(shape) }, () => Math.floor(5 * next()))
            : Float32Array.from({ length: product(shape) }, () => 2 * next() - 1),
        );
        const theirs = layer.inputs.map((shape, i) => tf.tensor(values[i]!, shape, layer.dtype ?? 'float32'));
        const given = theirs.length === 1 ? theirs[0]! : theirs;
        const wanted = kept(model.predict(given));
        const loaded = await loadLayersModel(await savedFiles(model));
        const xs = layer.inputs.map((shape, i) => dl.tensor(values[i]!, [...shape], layer.dtype));
        const y = loaded.predict(xs.length === 1 ? xs[0]! : xs) as dl.Tensor;
        expect(y.shape).withContext(context).toEqual(wanted.shape);
        expect(loaded.outputs[0]!.shape!.slice(1)).withContext(context).toEqual(wanted.shape.slice(1));
        expect(distance(await y.data(), wanted.values))
          .withContext(context)
          .toBeLessThan(TOLERANCE);
        if (layer.trains) {
          const trained = kept(model.apply(given, { training: true }));
          const z = loaded.apply(xs, { training: true });
          expect(distance(await z.data(), trained.values))
            .withContext(`training, ${context}`)
            .toBeLessThan(TOLERANCE);
          z.dispose();
        }

        const files = new Map<string, Uint8Array>();
        await loaded.save({ write: (path, bytes) => Promise.resolve(files.set(path, bytes)) });
        const saved: ModelFiles = {
          name: 'model.json',
          readFirst: () => Promise.resolve(files.get('model.json')!),
          read: (path) => Promise.resolve(files.get(path)!),
        };
        const again = await loadLayersModel(saved);
        const same = again.predict(xs.length === 1 ? xs[0]! : xs) as dl.Tensor;
        if (!layer.trains)
          expect(await same.data())
            .withContext(context)
            .toEqual(await y.data());
        const artifacts = await artifactsOf(saved);
        const there = await reference.loadLayersModel({ load: () => Promise.resolve(artifacts) });
        const back = kept(there.predict(given));
        const found = await same.data();
        expect(distance(found, back.values)).withContext(`back, ${context}`).toBeLessThan(TOLERANCE);
        dl.dispose([xs, y, same]);
        loaded.dispose();
        again.dispose();
      }
      expect(dl.memory().numTensors).toBe(before);
    });
  }
});

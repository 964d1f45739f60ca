import * as dl from 'rxtensor';
import { loadWeights, toSafetensors } from 'rxtensor/models';

const manifest = [{ paths: ['w.bin'], weights: [{ name: 'w', shape: [2], dtype: 'float32' }] }];
const binary = new File([new Float32Array([1, 2])], 'w.bin');
const json = (value: unknown): File => new File([JSON.stringify(value)], 'model.json');

describe('loadWeights', () => {
  it('reads the weights of a model, of a manifest, and of a safetensors file', async () => {
    const original = { w: dl.tensor1d([1, 2]) };
    const heard: number[] = [];
    const sources = [
      [json({ modelTopology: {}, weightsManifest: manifest }), binary],
      [json(manifest), binary],
      await toSafetensors(original),
    ];
    for (const source of sources) {
      const weights = await loadWeights(source, { onProgress: ({ bytes }) => heard.push(bytes) });
      expect(Object.keys(weights)).toEqual(['w']);
      expect(await weights.w!.data()).toEqual(new Float32Array([1, 2]));
      dl.dispose(weights);
    }
    expect(heard).toEqual([8, 8]);
    dl.dispose(original);
  });

  it('refuses what is neither, and leaves nothing', async () => {
    const { numTensors } = dl.memory();
    const page = new TextEncoder().encode('<!doctype html><title>Not here</title>');
    await expectAsync(loadWeights(page)).toBeRejectedWithError(
      /^loadWeights: the bytes is no JSON; found a page of HTML/,
    );
    await expectAsync(loadWeights(new Uint8Array(3))).toBeRejectedWithError(
      /^loadWeights: the bytes is no JSON/,
    );
    await expectAsync(loadWeights(new Uint8Array(8))).toBeRejectedWithError(
      /^loadWeights: the bytes: the header/,
    );
    await expectAsync(loadWeights(json(7))).toBeRejectedWithError(
      "loadWeights: model.json has no list 'weightsManifest'; wanted a model, or a manifest of weights",
    );
    await expectAsync(loadWeights(json([{ paths: ['w.bin'], weights: [{}] }]))).toBeRejectedWithError(
      /^loadWeights: model\.json: a weight: 'name' is undefined; wanted a text/,
    );
    await expectAsync(loadWeights(json(manifest))).toBeRejectedWithError(
      "loadWeights: the model needs the file 'w.bin'; wanted it among the 1 given",
    );
    expect(dl.memory().numTensors).toBe(numTensors);
  });

  it('knows no format', async () => {
    await expectAsync(loadWeights(json(manifest), { format: 'x' } as never)).toBeRejectedWithError(
      /^loadWeights: .*format/,
    );
  });
});

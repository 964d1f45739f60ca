import * as tf from 'rxtensor/tfjs';
import { graphParts, node, placeholder, weight } from '../../test/support/graph-files';

const { json, bytes } = graphParts({
  nodes: [placeholder('x', [2]), node('y', 'Mul', 'x w')],
  weights: [weight('w', [3, 4])],
});
const { weightsManifest, ...rest } = json as { weightsManifest: { weights: tf.WeightsManifestEntry[] }[] };
const artifacts: tf.ModelArtifacts = {
  ...rest,
  weightSpecs: weightsManifest[0]!.weights,
  weightData: bytes.slice().buffer,
};

/** What the model says of [1, 2]. */
async function predicted(model: tf.GraphModel): Promise<number[]> {
  const y = tf.tidy(() => model.predict(tf.tensor1d([1, 2])) as tf.Tensor);
  const values = [...(await y.data())];
  tf.dispose(y);
  model.dispose();
  return values;
}

describe('tf.loadLayersModel', () => {
  it('loads a model of layers in memory', async () => {
    const net = tf.sequential([tf.layers.dense({ units: 1, inputShape: [2], name: 'only' })]);
    const written = new Map<string, Uint8Array>();
    await net.save({
      write: (path, file) => {
        written.set(path, file);
        return Promise.resolve();
      },
    });
    const text = new TextDecoder().decode(written.get('model.json'));
    const saved = JSON.parse(text) as {
      weightsManifest: { paths: string[]; weights: tf.WeightsManifestEntry[] }[];
    };
    const [group] = saved.weightsManifest;
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({
        ...saved,
        weightSpecs: group!.weights,
        weightData: written.get(group!.paths[0]!)!.slice().buffer,
      }),
    );
    const x = tf.tensor2d([[1, 2]]);
    const [a, b] = [net.apply(x), model.apply(x)];
    expect(await b.data()).toEqual(await a.data());
    expect(model.layers.map(({ name }) => name)).toEqual(['only']);
    tf.dispose([x, a, b]);
    net.dispose();
    model.dispose();
    await expectAsync(tf.loadLayersModel({})).toBeRejectedWithError(/^loadLayersModel: argument 'source'/);
  });
});

describe('tf.io', () => {
  it('gives models in memory, chosen files, and files of a server', async () => {
    const files = [
      new File([JSON.stringify(json)], 'model.json'),
      new File([bytes as BlobPart], 'weights.bin'),
    ];
    const asked: string[] = [];
    const fetchFunc = (address: string): Promise<Response> => {
      asked.push(address);
      return Promise.resolve(
        new Response(address.includes('model.json') ? JSON.stringify(json) : (bytes as BodyInit)),
      );
    };
    const sources = [
      tf.io.fromMemory(artifacts),
      tf.io.fromMemorySync(artifacts),
      tf.io.browserFiles(files),
      tf.io.http('https://host/model.json', { fetchFunc }),
    ];
    for (const source of sources) expect(await predicted(await tf.loadGraphModel(source))).toEqual([3, 8]);
    expect(await predicted(tf.loadGraphModelSync(artifacts))).toEqual([3, 8]);
    expect(await predicted(tf.loadGraphModelSync(tf.io.fromMemorySync(artifacts)))).toEqual([3, 8]);
    expect(asked).toEqual(['https://host/model.json', 'https://host/weights.bin']);
    const fractions: number[] = [];
    const model = await tf.loadGraphModel('https://host/models/face', {
      fetchFunc,
      fromTFHub: true,
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(await predicted(model)).toEqual([3, 8]);
    expect(asked[2]).toBe('https://host/models/face/model.json?tfjs-format=file');
    expect(fractions.at(-1)).toBe(1);
  });

  it('asks the handlers that programs have registered for an address', async () => {
    const saved: tf.ModelArtifacts[] = [];
    tf.io.registerLoadRouter((address) =>
      address.startsWith('own://') ? tf.io.fromMemory(artifacts) : null,
    );
    tf.io.registerSaveRouter((address) =>
      address.startsWith('own://')
        ? tf.io.withSaveHandler((given) => {
            saved.push(given);
            return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) });
          })
        : null,
    );
    expect(await predicted(await tf.loadGraphModel('own://model'))).toEqual([3, 8]);
    expect(tf.io.getSaveHandlers('other://model')).toEqual([]);
    const [handler] = tf.io.getSaveHandlers('own://model');
    const { modelArtifactsInfo } = await handler!.save!(artifacts);
    expect(modelArtifactsInfo.weightDataBytes).toBe(8);
    expect(saved).toEqual([artifacts]);
  });

  it('posts a model that is saved', async () => {
    let sent: FormData | undefined;
    const fetchFunc = (_address: string, init?: RequestInit): Promise<Response> => {
      sent = init?.body as FormData;
      return Promise.resolve(new Response(''));
    };
    await tf.io.http('https://host/upload', { fetchFunc }).save!(artifacts);
    const text = await (sent!.get('model.json') as File).text();
    expect((JSON.parse(text) as { weightsManifest: unknown }).weightsManifest).toEqual([
      { paths: ['./model.weights.bin'], weights: artifacts.weightSpecs },
    ]);
    expect((sent!.get('model.weights.bin') as File).size).toBe(8);
    const refusing = tf.io.http('https://host/upload', {
      fetchFunc: () => Promise.resolve(new Response('', { status: 500 })),
    });
    await expectAsync(refusing.save!(artifacts)).toBeRejectedWithError(
      "io.http: 'https://host/upload' answered 500; wanted a success",
    );
  });

  it('writes weights as bytes, and reads them', async () => {
    const weights = {
      a: tf.tensor2d([[1, -2]]),
      b: tf.scalar(3, 'int32'),
      c: tf.tensor1d([true, false], 'bool'),
    };
    const { data, specs } = await tf.io.encodeWeights(weights);
    expect(data.byteLength).toBe(8 + 4 + 2);
    const again = tf.io.decodeWeights([data.slice(0, 5), data.slice(5)], specs);
    for (const [name, wanted] of Object.entries(weights)) {
      expect([again[name]!.dtype, again[name]!.shape]).toEqual([wanted.dtype, wanted.shape]);
      expect(await again[name]!.data()).toEqual(await wanted.data());
    }
    expect(() => tf.io.decodeWeights(data.slice(1), specs)).toThrowError(
      'io.decodeWeights: the weights have 13 bytes; wanted 14 for 3 weights',
    );
    tf.dispose([weights, again]);
    const named = await tf.io.encodeWeights([]);
    expect(named.specs).toEqual([]);
  });

  it('refuses a handler that cannot load, and damaged models, and leaves nothing', async () => {
    const { numTensors } = tf.memory();
    await expectAsync(tf.loadGraphModel({})).toBeRejectedWithError(
      /^loadGraphModel: argument 'source' is .*; wanted an address, or a handler with a function load$/,
    );
    await expectAsync(tf.loadGraphModel(null as never)).toBeRejectedWithError(/argument 'source' is null/);
    await expectAsync(
      tf.loadGraphModel(tf.io.fromMemory({ ...artifacts, weightData: new ArrayBuffer(4) })),
    ).toBeRejectedWithError(/weights\.bin hold 4 bytes; wanted 8/);
    expect(() => tf.loadGraphModelSync({ ...artifacts, weightData: new ArrayBuffer(4) })).toThrowError(
      'loadGraphModelSync: the weights have 4 bytes; wanted 8 for 1 weights',
    );
    expect(() => tf.loadGraphModelSync(tf.io.fromMemory(artifacts))).toThrowError(
      /wanted artifacts, or a handler that gives them at once$/,
    );
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

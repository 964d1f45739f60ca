/** Published packages that are made for TensorFlow.js, and what is called of their API. It runs in Node and in pages. */
import { picture, tune } from './picture';

/** What a run uses of `tf`, beside the package. */
export interface Library {
  readonly setBackend: (name: string) => Promise<boolean>;
  readonly memory: () => { numTensors: number };
  readonly env: () => { set: (name: string, value: unknown) => void };
  readonly tensor: (values: readonly number[], shape: readonly number[]) => unknown;
  readonly loadGraphModel: (address: string) => Promise<unknown>;
}

/** A package, and what is called of its API, once it is open. */
export interface Package {
  readonly name: string;
  /** What a program imports. */
  readonly module: string;
  readonly open: (
    used: never,
    tf: Library,
    address: string,
  ) => (() => Promise<unknown>) | Promise<() => Promise<unknown>>;
}

interface Predictions {
  classify: (picture: unknown, count?: number) => Promise<unknown>;
}

export const packages: readonly Package[] = [
  {
    name: '@tensorflow-models/mobilenet',
    module: '@tensorflow-models/mobilenet',
    open: async ({ load }: { load: (options: object) => Promise<Predictions> }, _tf, address) => {
      const model = await load({ version: 2, alpha: 1, modelUrl: `${address}/mobilenet/model.json` });
      return () => model.classify(picture(240, 180), 5);
    },
  },
  {
    name: '@tensorflow-models/blazeface',
    module: '@tensorflow-models/blazeface',
    open: async (
      {
        load,
      }: { load: (options: object) => Promise<{ estimateFaces: (...args: unknown[]) => Promise<unknown> }> },
      _tf,
      address,
    ) => {
      const model = await load({ modelUrl: `${address}/blazeface/model.json`, maxFaces: 5 });
      return async () => [
        await model.estimateFaces(picture(200, 160)),
        await model.estimateFaces(picture(200, 160), false, true),
      ];
    },
  },
  {
    name: '@tensorflow-models/coco-ssd',
    module: '@tensorflow-models/coco-ssd/dist/index.js',
    open: async (
      { load }: { load: (options: object) => Promise<{ detect: (...args: unknown[]) => Promise<unknown> }> },
      _tf,
      address,
    ) => {
      const model = await load({ modelUrl: `${address}/coco/model.json` });
      return () => model.detect(picture(120, 90), 10, 0.3);
    },
  },
  {
    name: '@tensorflow-models/knn-classifier',
    module: '@tensorflow-models/knn-classifier/dist/index.js',
    open: (
      {
        create,
      }: {
        create: () => {
          addExample: (example: unknown, label: string) => void;
          predictClass: (example: unknown, k: number) => Promise<unknown>;
          dispose: () => void;
        };
      },
      tf,
    ) => {
      return async () => {
        const classifier = create();
        const examples = [
          [1, 2, 3],
          [1, 2, 2],
          [3, 1, 0],
          [4, 1, 1],
        ].map((values) => tf.tensor(values, [3]) as { dispose: () => void });
        examples.forEach((example, i) => classifier.addExample(example, i < 2 ? 'a' : 'b'));
        const asked = tf.tensor([3, 2, 1], [3]) as { dispose: () => void };
        const found = await classifier.predictClass(asked, 3);
        classifier.dispose();
        for (const each of [...examples, asked]) each.dispose();
        return found;
      };
    },
  },
  {
    name: 'nsfwjs',
    module: 'nsfwjs',
    open: async ({ load }: { load: (name: string) => Promise<Predictions> }) => {
      const models = [await load('MobileNetV2Mid'), await load('MobileNetV2')];
      return () => Promise.all(models.map((model) => model.classify(picture(240, 180))));
    },
  },
  {
    name: 'handtrackjs',
    module: 'handtrackjs/src/index.js',
    open: async (
      { load }: { load: (options: object) => Promise<{ detect: (picture: unknown) => Promise<unknown> }> },
      _tf,
      address,
    ) => {
      const basePath = `${address}/node_modules/handtrackjs/models/webmodel/`;
      const model = await load({
        basePath,
        modelType: 'ssd320fpnlite',
        modelSize: 'small',
        scoreThreshold: 0.001,
      });
      return () => model.detect(picture(160, 120));
    },
  },
  {
    name: '@spotify/basic-pitch',
    module: '@spotify/basic-pitch/esm/inference.js',
    open: (
      {
        BasicPitch,
      }: {
        BasicPitch: new (address: string) => {
          evaluateModel: (samples: Float32Array, ...heard: ((...args: never[]) => void)[]) => Promise<void>;
        };
      },
      _tf,
      address,
    ) => {
      const model = new BasicPitch(`${address}/node_modules/@spotify/basic-pitch/model/model.json`);
      return async () => {
        const parts: unknown[] = [];
        await model.evaluateModel(
          tune(22_050),
          (...part) => parts.push(part),
          () => undefined,
        );
        return parts;
      };
    },
  },
];

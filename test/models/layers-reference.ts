/** TensorFlow.js's layers, as far as they are used here. Its own types are not installed with the project. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ModelFiles } from 'rxtensor/models';
import { tensorFlow, type TensorFlow, type TensorFlowTensor } from './packages';

/** A value of a model that is being described. */
export interface Symbolic {
  readonly shape: readonly (number | null)[];
}

export interface ReferenceLayer {
  readonly apply: (inputs: Symbolic | readonly Symbolic[]) => Symbolic;
}

export interface ReferenceModel extends ReferenceLayer {
  readonly inputs: readonly Symbolic[];
  readonly weights: readonly { readonly shape: readonly number[]; readonly originalName: string }[];
  readonly setWeights: (values: readonly TensorFlowTensor[]) => void;
  readonly getWeights: () => readonly TensorFlowTensor[];
  readonly predict: (
    inputs: TensorFlowTensor | readonly TensorFlowTensor[],
  ) => TensorFlowTensor | TensorFlowTensor[];
  readonly apply: ReferenceLayer['apply'] &
    ((
      inputs: TensorFlowTensor | readonly TensorFlowTensor[],
      options: { readonly training: boolean },
    ) => TensorFlowTensor);
  readonly save: (handler: { readonly save: (artifacts: Artifacts) => Promise<unknown> }) => Promise<unknown>;
}

export interface Artifacts {
  readonly modelTopology: unknown;
  readonly weightSpecs: readonly unknown[];
  readonly weightData: ArrayBuffer;
}

export interface LayersReference {
  readonly layers: Readonly<Record<string, (options?: object) => ReferenceLayer>> & {
    readonly Layer: new (config: object) => object;
  };
  readonly input: (options: object) => Symbolic;
  readonly model: (options: object) => ReferenceModel;
  readonly sequential: (options?: object) => ReferenceModel;
  readonly loadLayersModel: (handler: { readonly load: () => Promise<unknown> }) => Promise<ReferenceModel>;
}

export async function tensorFlowLayers(): Promise<{ tf: TensorFlow; reference: LayersReference }> {
  const { tf } = await tensorFlow();
  const require = createRequire(join(process.cwd(), 'test/models/packages.ts'));
  return { tf, reference: require('@tensorflow/tfjs-layers') as LayersReference };
}

/** The files of a model of TensorFlow.js. */
export async function savedFiles(model: ReferenceModel): Promise<ModelFiles> {
  let saved: Artifacts | undefined;
  await model.save({
    save: (artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    },
  });
  const { modelTopology, weightSpecs, weightData } = saved!;
  return filesOf(modelTopology, weightSpecs, new Uint8Array(weightData));
}

export function filesOf(modelTopology: unknown, weights: readonly unknown[], bytes: Uint8Array): ModelFiles {
  const json = {
    format: 'layers-model',
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
  return {
    name: 'model.json',
    readFirst: () => Promise.resolve(new TextEncoder().encode(JSON.stringify(json))),
    read: () => Promise.resolve(bytes),
  };
}

/** Files as TensorFlow.js's loader takes them. */
export async function artifactsOf(files: ModelFiles): Promise<Artifacts> {
  const json = JSON.parse(new TextDecoder().decode(await files.readFirst())) as {
    readonly modelTopology: unknown;
    readonly weightsManifest: readonly {
      readonly paths: readonly string[];
      readonly weights: readonly unknown[];
    }[];
  };
  const parts = await Promise.all(
    json.weightsManifest.flatMap(({ paths }) => paths.map((path) => files.read(path))),
  );
  const bytes = Buffer.concat(parts);
  return {
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  };
}

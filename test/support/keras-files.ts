/** Small models of layers in memory, in the form of Keras's files. */
import type { ModelFiles } from '../../src/models';
import { filesWith, joined, type StoredWeight } from './graph-files';

/** A layer as Keras 2 writes it. */
export const kerasLayer = (className: string, config: object, rest: object = {}): object => ({
  class_name: className,
  config,
  ...rest,
});

/** The file of a model, with its weights in one binary file. */
export function kerasJson(topology: object, weights: readonly StoredWeight[] = []): object {
  return {
    format: 'layers-model',
    modelTopology: { model_config: topology },
    weightsManifest: [
      { paths: ['weights.bin'], weights: weights.map(({ stored: _stored, ...manifest }) => manifest) },
    ],
  };
}

export const kerasFiles = (topology: object, weights: readonly StoredWeight[] = []): ModelFiles =>
  filesWith(kerasJson(topology, weights), { 'weights.bin': joined(weights.map(({ stored }) => stored)) });

/** A sequential model of a dense layer, as Keras 2 writes it. */
export const denseModel = (config: object = {}): object => ({
  class_name: 'Sequential',
  config: {
    name: 'sequential',
    layers: [
      kerasLayer('Dense', {
        name: 'dense',
        units: 1,
        use_bias: false,
        batch_input_shape: [null, 2],
        ...config,
      }),
    ],
  },
});

/** A value in the arguments of a call, as Keras 3 writes it. */
export const kerasTensor = (layer: string, call = 0): object => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, 2], dtype: 'float32', keras_history: [layer, call, 0] },
});

import type { Tensor } from '../../tensor';
import { assertFunction, wrongArgument } from '../../tensor/argument';
import { isPlainObject } from '../../tensor/container';
import { commonNames, commonOptions } from './factory';
import { initialize, initializer, type InitializerInput } from './initializers';
import type { LayerKind, Shape } from './kind';
import { Layer, type CommonOptions } from './layer';

/** The settings of a layer of one's own: anything that JSON can hold. */
export type CustomSettings = Readonly<Record<string, unknown>>;

/** What a layer of one's own computes from. */
export interface CustomCall {
  /** What the layer is applied to. */
  readonly inputs: readonly Tensor[];
  /**
   * The value of a weight, by its name.
   *
   * @throws unless the layer has that weight
   */
  readonly weight: (name: string) => Tensor;
  /** The settings of the layer. */
  readonly config: CustomSettings;
  /** Whether the model is being trained. */
  readonly training: boolean;
}

/** A weight of a layer of one's own. */
export interface CustomWeight {
  /** The extents of its axes. */
  readonly shape: readonly number[];
  /** `glorot_uniform` by default. */
  readonly initializer?: InitializerInput;
  /** true by default. */
  readonly trainable?: boolean;
}

/** What {@link customLayer} takes. */
export interface CustomLayerDefinition {
  /** The class, as files name it. */
  readonly name: string;
  /** Computes, from the first input and all that there is. */
  readonly call: (x: Tensor, call: CustomCall) => Tensor;
  /** The weights by name, for inputs of these shapes. */
  readonly weights?: (
    inputs: readonly Shape[],
    config: CustomSettings,
  ) => Readonly<Record<string, CustomWeight>>;
  /** The shape of the output; that of the first input by default. */
  readonly outputShape?: (inputs: readonly Shape[], config: CustomSettings) => Shape;
}

/** Makes layers of one's own; `loadLayersModel` takes it for files that name them. */
export type CustomLayer = ((options?: CustomSettings & CommonOptions) => Layer) & {
  readonly kind: LayerKind;
};

/**
 * Defines a layer by a function. Models with it are saved like others; to load them, give the layer to `loadLayersModel`.
 *
 * @returns a function that makes such layers
 * @throws when the definition has no name, or no function
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { customLayer } from 'rxtensor/models';
 * const scaled = customLayer({ name: 'Scaled', call: (x, { config }) => dl.mul(x, Number(config.by ?? 1)) });
 * const x = dl.tensor1d([1, 2]);
 * const y = scaled({ by: 10 }).apply(x);
 * y.print(); // 10, 20
 * dl.dispose([x, y]);
 * ```
 */
export function customLayer(definition: CustomLayerDefinition): CustomLayer {
  const operator = 'customLayer';
  if (!isPlainObject(definition)) throw wrongArgument(operator, 'definition', definition, 'an object');
  const { name, call, weights, outputShape } = definition;
  if (typeof name !== 'string' || name === '' || name.includes('/'))
    throw wrongArgument(operator, 'name', name, 'the name of a class');
  assertFunction(operator, 'call', call);
  if (weights !== undefined) assertFunction(operator, 'weights', weights);
  if (outputShape !== undefined) assertFunction(operator, 'outputShape', outputShape);
  const kind: LayerKind = {
    className: name,
    settings: {},
    isFree: true,
    weights: (config, inputs) =>
      Object.entries(weights?.(inputs, config) ?? {}).map(([weight, given]) => ({
        name: weight,
        shape: given.shape,
        trainable: given.trainable ?? true,
        initializer: initializerOf(weight, given.initializer),
      })),
    shapes: (config, inputs) => [outputShape?.(inputs, config) ?? inputs[0]!],
    run: ({ x, inputs, settings, weight, training }) =>
      call(x, { inputs, weight, config: settings, training }),
  };
  const make = (options: CustomSettings & CommonOptions = {}): Layer => {
    const own = Object.entries(options).filter(([key]) => !commonNames.includes(key));
    return new Layer(kind, Object.fromEntries(own), commonOptions(name, options));
  };
  make.kind = kind;
  return make;
}

function initializerOf(weight: string, given: InitializerInput | undefined) {
  if (given === undefined) return initialize('GlorotUniform');
  const found = initializer.read(given);
  if (found) return found;
  throw wrongArgument('customLayer', `weights.${weight}.initializer`, given, initializer.wanted);
}

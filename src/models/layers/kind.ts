/** What a layer is: a row with its settings, its weights, the shape of its output, and how it computes. */
import type { DataType } from '../../kernels';
import type { Tensor } from '../../tensor';
import type { Initializer } from './initializers';
import type { Layer } from './layer';
import type { Settings, Values } from './setting';

/** Extents; null where they are not known before the values come, as that of the batch. */
export type Shape = readonly (number | null)[];

/** A weight of a layer. */
export interface WeightDescription {
  /** Its name in Keras, within the layer. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Whether training changes it; true if left out. */
  readonly trainable?: boolean;
  /** Names that other versions of Keras write. */
  readonly aliases?: readonly string[];
  /** float32 if left out. */
  readonly dtype?: DataType;
}

/** What a layer is told when it is called. */
export interface CallOptions {
  /** Whether dropout drops, and batch normalization uses the batch's own statistics; false by default. */
  readonly training?: boolean | undefined;
  /** For attention: whether a place sees only those before it; false by default. */
  readonly useCausalMask?: boolean | undefined;
}

/** What a layer computes from. */
export interface LayerCall<V = Readonly<Record<string, never>>> {
  /** The first input. */
  readonly x: Tensor;
  readonly inputs: readonly Tensor[];
  readonly settings: V;
  readonly training: boolean;
  /** Whether the layer's weights are trained. */
  readonly isTrainable: boolean;
  readonly options: CallOptions;
  /** Which steps of the first input count, [batch, steps]; null: all. */
  readonly mask: Tensor | null;
  /** @throws unless the layer has that weight */
  readonly weight: (name: string) => Tensor;
  /** Replaces the values of a weight that is not trained, such as a moving average. */
  readonly update: (name: string, value: Tensor) => void;
  /** The layers within, in the order of `parts`. */
  readonly parts: readonly Layer[];
}

export interface LayerKind<S extends Settings = Settings> {
  /** Keras's name. */
  readonly className: string;
  readonly settings: S;
  /** Whether it takes any settings, and reads them itself. */
  readonly isFree?: true;
  /** The weights for inputs of these shapes. @throws when such inputs do not fit */
  readonly weights?: (settings: Values<S>, inputs: readonly Shape[]) => readonly WeightDescription[];
  /** The shapes of the outputs; that of the first input if left out. @throws when such inputs do not fit */
  readonly shapes?: (settings: Values<S>, inputs: readonly Shape[]) => readonly Shape[];
  /** The layers within; asked for once. */
  readonly parts?: (settings: Values<S>) => readonly Layer[];
  /** Whether the names of weights leave out those of the layers within. */
  readonly hidesParts?: true;
  /** The shapes that a layer within sees; those of the inputs if left out. */
  readonly partInputs?: (settings: Values<S>, inputs: readonly Shape[], part: number) => readonly Shape[];
  readonly run: (call: LayerCall<Values<S>>) => Tensor | readonly Tensor[];
  /** Which steps of the output count; as the input's if left out. */
  readonly mask?: (call: LayerCall<Values<S>>) => Tensor | null;
  /** The dtype of the output, if it is another than the input's. */
  readonly dtype?: DataType;
}

/** Gives a row its types. */
/* @__NO_SIDE_EFFECTS__ */
export const kind = <const S extends Settings>(row: LayerKind<S>): LayerKind<S> => row;

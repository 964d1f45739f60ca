// The same models by TensorFlow.js, with its usual code: a loop of animation frames, tensors of the video, and results that are awaited.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgl';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as converter from '@tensorflow/tfjs-converter';
import { drawFaces } from 'rxtensor/vision';
import type { TheirModel } from '../models/their-model';
import { CAMERA, EVERY, overlap, type Contestant, type FoundFace } from './case';
import { boxOf, counting } from './counting';

const { loadGraphModel } = converter as unknown as {
  readonly loadGraphModel: (address: string) => Promise<TheirModel>;
};

const FACE_SIDE = 256;
const MESH_SIDE = 192;
/** The cells a side, and the anchors in each. */
const LAYERS = [
  [16, 2],
  [8, 6],
] as const;
const MIN_SCORE = 0.5;
const MOST_FACES = 4;

/** The centres of the anchors, as shares of the side. */
const anchors = LAYERS.flatMap(([cells, count]) =>
  Array.from({ length: cells * cells * count }, (_, i) => {
    const cell = Math.floor(i / count);
    return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells] as const;
  }),
);

/** A square around a box, half as large again. */
function around({ left, top, right, bottom }: FoundFace): FoundFace {
  const half = 0.75 * Math.max(right - left, bottom - top);
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return { left: x - half, top: y - half, right: x + half, bottom: y + half };
}

/** The boxes of faces, in pixels of the picture, best first. */
async function detect(model: TheirModel, picture: tf.Tensor3D): Promise<FoundFace[]> {
  const [height, width] = picture.shape;
  const side = Math.max(height, width);
  const outputs = tf.tidy(() => {
    const [down, across] = [(side - height) / 2, (side - width) / 2];
    const square = tf.pad3d(picture, [
      [down, side - height - down],
      [across, side - width - across],
      [0, 0],
    ]);
    const small = tf.image.resizeBilinear(square, [FACE_SIDE, FACE_SIDE]);
    const input = tf.expandDims(tf.sub(tf.div(small, 127.5), 1), 0);
    return model.execute(input, [
      'Identity:0',
      'Identity_1:0',
      'Identity_2:0',
      'Identity_3:0',
    ]) as tf.Tensor[];
  });
  const [coarse, fine, coarseBoxes, fineBoxes] = (await Promise.all(
    outputs.map((output) => output.data()),
  )) as Float32Array[];
  tf.dispose(outputs);
  const first = coarse!.length;
  const found: { readonly box: FoundFace; readonly score: number }[] = [];
  anchors.forEach(([centreX, centreY], i) => {
    const isFirst = i < first;
    const score = 1 / (1 + Math.exp(-(isFirst ? coarse![i]! : fine![i - first]!)));
    if (score < MIN_SCORE) return;
    const values = isFirst ? coarseBoxes! : fineBoxes!;
    const at = 16 * (isFirst ? i : i - first);
    const x = (centreX + values[at]! / FACE_SIDE) * side - (side - width) / 2;
    const y = (centreY + values[at + 1]! / FACE_SIDE) * side - (side - height) / 2;
    const [w, h] = [(values[at + 2]! / FACE_SIDE) * side, (values[at + 3]! / FACE_SIDE) * side];
    found.push({ box: { left: x - w / 2, top: y - h / 2, right: x + w / 2, bottom: y + h / 2 }, score });
  });
  const kept: FoundFace[] = [];
  for (const { box } of found.sort((a, b) => b.score - a.score))
    if (kept.every((other) => overlap(box, other) < 0.3)) kept.push(box);
  return kept;
}

interface Mesh {
  readonly points: { x: number; y: number; z: number }[];
  readonly box: FoundFace;
}

/** The points of the face in a square of the picture; null where there is none. */
async function locate(model: TheirModel, picture: tf.Tensor3D, square: FoundFace): Promise<Mesh | null> {
  const [height, width] = picture.shape;
  const { left, top, right, bottom } = square;
  const outputs = tf.tidy(() => {
    const batch = tf.expandDims(picture, 0) as tf.Tensor4D;
    const box = [[top / (height - 1), left / (width - 1), bottom / (height - 1), right / (width - 1)]];
    const face = tf.image.cropAndResize(batch, tf.tensor2d(box), tf.tensor1d([0], 'int32'), [
      MESH_SIDE,
      MESH_SIDE,
    ]);
    return model.execute(tf.div(face, 255), ['output_mesh', 'output_faceflag']) as tf.Tensor[];
  });
  const [mesh, flag] = (await Promise.all(outputs.map((output) => output.data()))) as Float32Array[];
  tf.dispose(outputs);
  if (!(flag![0]! >= MIN_SCORE)) return null;
  const scale = (right - left) / MESH_SIDE;
  const points = Array.from({ length: mesh!.length / 3 }, (_, i) => ({
    x: left + mesh![3 * i]! * scale,
    y: top + mesh![3 * i + 1]! * scale,
    z: mesh![3 * i + 2]! * scale,
  }));
  return { points, box: boxOf(points) };
}

export const theirs =
  (backend: 'wasm' | 'webgl'): Contestant =>
  async () => {
    setWasmPaths(`${location.origin}/`);
    setThreadsCount(1);
    tf.env().set('PROD', true);
    await tf.setBackend(backend);
    const [face, mesh] = await Promise.all([
      loadGraphModel('/models/blazeface.json'),
      loadGraphModel('/models/facemesh.json'),
    ]);
    return async (canvas) => {
      await tf.setBackend(backend);
      const camera = await navigator.mediaDevices.getUserMedia({ video: CAMERA });
      const video = document.createElement('video');
      Object.assign(video, { muted: true, playsInline: true, srcObject: camera });
      await video.play();
      Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
      const context = canvas.getContext('2d')!;
      const { count, progress } = counting();
      let followed: Mesh[] = [];
      let since = Infinity;
      const step = async (): Promise<void> => {
        const picture = tf.browser.fromPixels(video);
        const before = followed.length;
        const still: Mesh[] = [];
        for (const { box } of followed) {
          const found = await locate(mesh, picture, around(box));
          if (found) still.push(found);
        }
        since++;
        if (still.length < before || still.length === 0 || since >= EVERY) {
          since = 0;
          for (const box of await detect(face, picture)) {
            if (still.length >= MOST_FACES) break;
            if (still.some((other) => overlap(box, other.box) > 0.4)) continue;
            const found = await locate(mesh, picture, around(box));
            if (found) still.push(found);
          }
        }
        picture.dispose();
        followed = still;
        context.drawImage(video, 0, 0);
        const tracks = followed.map(({ points, box: { left, top, right, bottom } }, i) => ({
          id: i + 1,
          score: 1,
          points,
          box: { x: left, y: top, width: right - left, height: bottom - top },
        }));
        drawFaces(context, { tracks });
        count(followed);
      };
      let isStopped = false;
      let ended: Promise<void> = Promise.resolve();
      const loop = (): void => {
        if (isStopped) return;
        ended = step().then(() => void requestAnimationFrame(loop));
      };
      requestAnimationFrame(loop);
      return {
        progress,
        stop: async () => {
          isStopped = true;
          await ended;
          for (const track of camera.getTracks()) track.stop();
          video.srcObject = null;
        },
      };
    };
  };

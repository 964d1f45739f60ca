/**
 * From a camera to what is on its pictures: finds, follows and draws faces, hands, bodies and things by public models.
 *
 * @module rxtensor/vision
 * @experimental
 */
export { alignBy, type AlignOptions, type AlignTime } from './align-by';
export { classifier } from './classifier';
export { cropRegion, type Cropped } from './crop-region';
export { decodeBoxes, type BoxOutputs, type DecodeBoxesOptions, type Detection } from './decode-boxes';
export { decodeHeatmap, type DecodeHeatmapOptions } from './decode-heatmap';
export { decodeKeypoints, type DecodeKeypointsOptions, type KeypointColumn } from './decode-keypoints';
export { detector } from './detector';
export { drawBodies, drawFaces, drawHands } from './draw';
export { timeOf, withTime, type FrameTime, type Timed } from './frame-time';
export {
  mapPoints,
  type Affine,
  type Box,
  type Keypoint,
  type Point,
  type Region,
  type Size,
} from './geometry';
export { landmarker, type Landmarker, type Landmarks } from './landmarker';
export { letterbox } from './letterbox';
export { nonMaxSuppression, type SuppressionOptions } from './non-max-suppression';
export { normalize, type MeanAndDeviation, type Normalization } from './normalize';
export type { OneEuroOptions } from './one-euro';
export { overlay, type OverlayCanvas, type OverlayContext, type OverlayOptions } from './overlay';
export type { Frame, Picture } from './picture';
export { rates, type Rates, type RatesOptions } from './rates';
export type { Values } from '../streams/data/read-values';
export type { ScoreActivation } from './read-values';
export type { RegionRule } from './region-rule';
export { segmentationMask, type SegmentationMaskOptions } from './segmentation-mask';
export { segment, type SegmentOptions, type Segmented } from './segment';
export { segmenter } from './segmenter';
export { smooth } from './smooth';
export { camera, cameras } from './sources/camera';
export { decodedFrames, type DecodedFramesOptions } from './sources/decoded-frames';
export { mediaFrames } from './sources/media-frames';
export { screen } from './sources/screen';
export type {
  MediaFramesOptions,
  PreviewOptions,
  Unread,
  UnreadDecodedOptions,
  UnreadOptions,
  UnreadPreviewOptions,
} from './sources/source-options';
export type { UnreadFrame } from './sources/unread';
export {
  videoFile,
  type PlayOptions,
  type UnreadVideoFileOptions,
  type VideoFileOptions,
} from './sources/video-file';
export type {
  BoxListSpec,
  ClassifierSpec,
  CornersSpec,
  DetectorSpec,
  LandmarkerSpec,
  SegmenterSpec,
  SsdSpec,
  VisionInput,
  VisionModel,
} from './spec';
export { specs } from './specs';
export { ssdAnchors, type SsdAnchorOptions } from './ssd-anchors';
export { topLabels, type Labelled, type TopLabelsOptions } from '../streams/data/top-labels';
export { track, type TrackOptions } from './track';
export type { Track, Tracked } from './tracked';

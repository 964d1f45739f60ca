/**
 * Shows how a pipeline runs, as text and in a page, and says which of its operators is stuck, leaks, drops or is slow.
 *
 * @module rxtensor/inspector
 * @experimental
 */
export { inspect, type InspectOptions, type Inspection } from './inspect';
export { inspectorOverlay, type Overlay, type OverlayOptions } from './overlay/overlay';
export type { Finding, PipelineFrame, Stage, StageHold, StageLatency, StageTensors } from './pipeline-frame';

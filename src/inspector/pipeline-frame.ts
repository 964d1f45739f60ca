import type { MemoryInfo } from '../tensor/memory';

/** How long a value takes through a stage, from its coming in to its going out, in ms; of the newest 128 values. */
export interface StageLatency {
  readonly median: number;
  readonly max: number;
}

/** Tensors and the bytes of their elements. */
export interface StageTensors {
  readonly tensors: number;
  readonly bytes: number;
}

/** Values that a stage keeps unfinished, so that sources wait. */
export interface StageHold {
  readonly values: number;
  /** How long the oldest has been held, in ms. */
  readonly forMs: number;
  /** What would let it go on. */
  readonly reason: string;
}

/** One stage of a pipeline at one moment: an operator, a source, stock operators of RxJS between two of ours, or the subscriber. */
export interface Stage {
  readonly id: number;
  readonly name: string;
  readonly kind: 'source' | 'operator' | 'stock' | 'subscriber';
  /** The stages that it feeds, by their ids. */
  readonly to: readonly number[];
  readonly state: 'running' | 'complete' | 'failed' | 'left';
  /** The message of the error, if it has failed. */
  readonly error: string | null;
  /** How many times it was subscribed to, and how many of these subscriptions run. */
  readonly subscriptions: number;
  readonly living: number;
  /** Values that have come in and gone out, and how many go out in a second now. Null where nothing tells. */
  readonly valuesIn: number | null;
  readonly valuesOut: number | null;
  readonly perSecond: number | null;
  readonly latency: StageLatency | null;
  /** Milliseconds in which its own code ran, without the stages below. */
  readonly ownMs: number;
  /** Milliseconds in which it held up at least one value. */
  readonly busyMs: number;
  /** What it keeps past emissions, and frees: a batch that fills, a buffer. */
  readonly held: StageTensors & { readonly values: number };
  /** What its code has made and nobody holds or frees: variables and the state of optimizers, and leaks. */
  readonly left: StageTensors & { readonly emissions: number };
  readonly dropped: number;
  /** Milliseconds that the source has waited for its emissions, and for how long it does now. */
  readonly waitedMs: number;
  readonly waitingForMs: number | null;
  readonly holdsUp: StageHold | null;
  /** For how long it has given no value, in ms; null where it has ended, and where nothing tells. */
  readonly quietForMs: number | null;
}

/** What is wrong or slow, or lets everything wait, and which stage is the cause. */
export interface Finding {
  readonly kind: 'failed' | 'stuck' | 'leak' | 'waits' | 'drops' | 'late' | 'lost' | 'slow';
  /** The id of the stage that is the cause. */
  readonly stage: number;
  readonly text: string;
}

/** A pipeline at one moment. It is plain data, which `JSON.stringify` keeps whole. */
export interface PipelineFrame {
  /** Milliseconds since the inspection began. */
  readonly time: number;
  /** The stages, each before those that it feeds. */
  readonly stages: readonly Stage[];
  readonly findings: readonly Finding[];
  /** Of the whole program. */
  readonly memory: Pick<MemoryInfo, 'numTensors' | 'numBytes'>;
}

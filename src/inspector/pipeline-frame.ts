import type { MemoryInfo } from '../tensor/memory';

/** How long a value takes through a stage, from its coming in to its going out, in ms; of the newest 128 values. */
export interface StageLatency {
  /** The one in the middle, in ms. */
  readonly median: number;
  /** The greatest, in ms. */
  readonly max: number;
}

/** Tensors and the bytes of their elements. */
export interface StageTensors {
  /** How many tensors. */
  readonly tensors: number;
  /** The bytes of their elements. */
  readonly bytes: number;
}

/** Values that a stage keeps unfinished, so that sources wait. */
export interface StageHold {
  /** How many values. */
  readonly values: number;
  /** How long the oldest has been held, in ms. */
  readonly forMs: number;
  /** What would let it go on. */
  readonly reason: string;
}

/** One stage of a pipeline at one moment: an operator, a source, stock operators of RxJS between two of ours, or the subscriber. */
export interface Stage {
  /** Its number, by which others name it. */
  readonly id: number;
  /** The name of the source or operator. */
  readonly name: string;
  /** What it is; `stock` are operators of RxJS between two of ours. */
  readonly kind: 'source' | 'operator' | 'stock' | 'subscriber';
  /** The stages that it feeds, by their ids. */
  readonly to: readonly number[];
  /** How it stands; `left` when its subscriber has unsubscribed. */
  readonly state: 'running' | 'complete' | 'failed' | 'left';
  /** The message of the error, if it has failed. */
  readonly error: string | null;
  /** How many times it was subscribed to. */
  readonly subscriptions: number;
  /** How many of its subscriptions run. */
  readonly living: number;
  /** How many values have come in; null where nothing tells. */
  readonly valuesIn: number | null;
  /** How many values have gone out; null where nothing tells. */
  readonly valuesOut: number | null;
  /** How many values go out in a second now; null where nothing tells. */
  readonly perSecond: number | null;
  /** How long a value takes through it; null where nothing tells. */
  readonly latency: StageLatency | null;
  /** Milliseconds in which its own code ran, without the stages below. */
  readonly ownMs: number;
  /** Milliseconds in which it held up at least one value. */
  readonly busyMs: number;
  /** What it keeps past emissions, and frees: a batch that fills, a buffer. */
  readonly held: StageTensors & { readonly values: number };
  /** What its code has made and nobody holds or frees: variables and the state of optimizers, and leaks. */
  readonly left: StageTensors & { readonly emissions: number };
  /** How many values it has dropped. */
  readonly dropped: number;
  /** Milliseconds that the source has waited for its emissions. */
  readonly waitedMs: number;
  /** For how long the source has been waiting now, in ms; null if it is not. */
  readonly waitingForMs: number | null;
  /** The values that it keeps unfinished now; null if there are none. */
  readonly holdsUp: StageHold | null;
  /** For how long it has given no value, in ms; null where it has ended, and where nothing tells. */
  readonly quietForMs: number | null;
}

/** What is wrong or slow, or lets everything wait, and which stage is the cause. */
export interface Finding {
  /** What is the matter; see docs/inspector.md. */
  readonly kind: 'failed' | 'stuck' | 'leak' | 'waits' | 'drops' | 'late' | 'lost' | 'slow';
  /** The id of the stage that is the cause. */
  readonly stage: number;
  /** The same as a sentence, with the names of the stages. */
  readonly text: string;
}

/** A pipeline at one moment. It is plain data, which `JSON.stringify` keeps whole. */
export interface PipelineFrame {
  /** Milliseconds since the inspection began. */
  readonly time: number;
  /** The stages, each before those that it feeds. */
  readonly stages: readonly Stage[];
  /** What is wrong or slow. */
  readonly findings: readonly Finding[];
  /** Of the whole program. */
  readonly memory: Pick<MemoryInfo, 'numTensors' | 'numBytes'>;
}

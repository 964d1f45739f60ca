import type { Settings } from '../controls/settings';

/** What the network reads in one image. */
export interface Guess {
  readonly digit: number;
  /** The probability that the network gives it. */
  readonly sureness: number;
}

/** One training step, after the fact. */
export interface Step {
  readonly kind: 'step';
  /** Counted from 1. */
  readonly step: number;
  readonly loss: number;
  /** The mean of the losses so far, the recent ones weighing more. */
  readonly meanLoss: number;
  /** The learning rate that the optimizer used. */
  readonly rate: number;
  /** When it was seen, in milliseconds. */
  readonly time: number;
}

/** What the network makes of digits that it does not train on: of some in between, of all in the end. */
export interface Reading {
  readonly kind: 'reading' | 'finished';
  readonly guesses: readonly Guess[];
  /** The share that is right. */
  readonly accuracy: number;
}

/** What went wrong, in words: `code` in backquotes. */
export interface Failure {
  readonly title: string;
  readonly message: string;
  /** What to do about it. */
  readonly cure: string;
}

/** All that happens in a run, in order. */
export type RunEvent =
  | { readonly kind: 'loading'; readonly settings: Settings }
  | { readonly kind: 'started'; readonly backend: string; readonly stepsPerEpoch: number }
  | Step
  | Reading
  | { readonly kind: 'paused' | 'resumed' }
  | { readonly kind: 'testing'; readonly done: number; readonly of: number }
  | { readonly kind: 'stopped' }
  | ({ readonly kind: 'failed' } & Failure);

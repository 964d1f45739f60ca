import type { Settings } from '../controls/settings';

/** The network's guess for one image. */
export interface Guess {
  readonly digit: number;
  /** The probability that the network gives it. */
  readonly sureness: number;
}

/** One completed training step. */
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

/** The network's guesses for test digits: for some of them during training, for all at the end. */
export interface Reading {
  readonly kind: 'reading' | 'finished';
  readonly guesses: readonly Guess[];
  /** The fraction of right guesses. */
  readonly accuracy: number;
}

/** How likely the network takes a drawing of the reader's for each digit. */
export interface DrawingRead {
  readonly kind: 'drawing-read';
  /** The probability of each digit, from 0 to 9. */
  readonly probabilities: ArrayLike<number>;
}

/** An error, described in words, with `code` in backquotes. */
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
  | DrawingRead
  | { readonly kind: 'paused' | 'resumed' }
  | { readonly kind: 'testing'; readonly done: number; readonly of: number }
  | { readonly kind: 'stopped' }
  | ({ readonly kind: 'failed' } & Failure);

import type { Failure, RunEvent, Step } from './run-event';
import type { Settings } from '../controls/settings';

export type Phase = 'idle' | 'loading' | 'running' | 'paused' | 'testing' | 'finished' | 'stopped' | 'failed';

/** The progress of a run: everything that the page shows of it in words and numbers. */
export interface Progress {
  readonly phase: Phase;
  readonly backend: string | null;
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  readonly meanLoss: number | null;
  /** The learning rate of the last step. */
  readonly rate: number | null;
  readonly accuracy: number | null;
  /** The number of digits that the accuracy was measured on. */
  readonly measuredOn: number;
  /** The completed fraction of the final test. */
  readonly tested: number;
  readonly stepsPerSecond: number | null;
  readonly lastStepTime: number | null;
  readonly failure: Failure | null;
}

export const idle: Progress = {
  phase: 'idle',
  backend: null,
  step: 0,
  stepsPerEpoch: 0,
  epochs: 0,
  meanLoss: null,
  rate: null,
  accuracy: null,
  measuredOn: 0,
  tested: 0,
  stepsPerSecond: null,
  lastStepTime: null,
  failure: null,
};

/** The progress after an event. */
export function advance(progress: Progress, event: RunEvent): Progress {
  switch (event.kind) {
    case 'loading':
      return begin(event.settings);
    case 'started':
      return { ...progress, phase: 'running', backend: event.backend, stepsPerEpoch: event.stepsPerEpoch };
    case 'step':
      return takeStep(progress, event);
    case 'reading':
      return { ...progress, accuracy: event.accuracy, measuredOn: event.guesses.length };
    case 'drawing-read':
      return progress;
    case 'paused':
      return progress.phase === 'running' ? { ...progress, phase: 'paused', lastStepTime: null } : progress;
    case 'resumed':
      return progress.phase === 'paused' ? { ...progress, phase: 'running', lastStepTime: null } : progress;
    case 'testing':
      return { ...progress, phase: 'testing', tested: event.done / event.of };
    case 'finished':
      return { ...progress, phase: 'finished', accuracy: event.accuracy, measuredOn: event.guesses.length };
    case 'stopped':
      return { ...progress, phase: 'stopped' };
    case 'failed':
      return { ...progress, phase: 'failed', failure: event };
  }
}

function begin({ epochs }: Settings): Progress {
  return { ...idle, phase: 'loading', epochs };
}

/** The inertia of the mean speed that is shown. */
const INERTIA = 0.9;

function takeStep(progress: Progress, { step, meanLoss, rate, time }: Step): Progress {
  const { lastStepTime, stepsPerSecond } = progress;
  const next = { ...progress, step, meanLoss, rate, lastStepTime: time };
  // The first step, and the first one after a pause, are left out of the speed.
  if (lastStepTime === null) return next;
  const seconds = (time - lastStepTime) / 1000;
  const mean = stepsPerSecond === null ? seconds : INERTIA / stepsPerSecond + (1 - INERTIA) * seconds;
  return { ...next, stepsPerSecond: mean > 0 ? 1 / mean : stepsPerSecond };
}

/** Whether a run is active: its settings are fixed, and it can be stopped. */
export function isUnderWay({ phase }: Progress): boolean {
  return phase === 'loading' || phase === 'running' || phase === 'paused' || phase === 'testing';
}

/** The epoch that the last step belongs to, counted from 1. */
export function epochOf({ step, stepsPerEpoch }: Progress): number {
  return stepsPerEpoch === 0 ? 1 : Math.max(1, Math.ceil(step / stepsPerEpoch));
}

/** The completed fraction of the training; the final test has its own bar. */
export function shareDone({ phase, step, stepsPerEpoch, epochs, tested }: Progress): number {
  if (phase === 'testing') return tested;
  return stepsPerEpoch === 0 ? 0 : step / (stepsPerEpoch * epochs);
}

/** The estimated seconds until the training is complete. */
export function secondsLeft({ step, stepsPerEpoch, epochs, stepsPerSecond }: Progress): number | null {
  return stepsPerSecond === null || step < 10 ? null : (stepsPerEpoch * epochs - step) / stepsPerSecond;
}

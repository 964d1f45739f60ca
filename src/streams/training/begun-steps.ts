import type { Optimizer } from '../../tensor/optimizers/optimizer';

/** Who has taken in some batches of a step of that optimizer, and waits for the others. */
const begun = new Map<object, Optimizer>();

/** What is to be done when a step of that optimizer has been taken. */
const awaiting = new WeakMap<Optimizer, (() => void)[]>();

/** To be called when a batch has been taken in that does not complete a step. */
export function beginStep(by: object, optimizer: Optimizer): void {
  begun.set(by, optimizer);
}

/** To be called when the step has been taken, or never will be. */
export function endStep(by: object): void {
  begun.delete(by);
}

/** An optimizer, among these, whose next step is begun: what a loss function changes by hand is ahead of what it trains. */
export function begunAmong(optimizers: readonly Optimizer[]): Optimizer | undefined {
  return [...begun.values()].find((each) => optimizers.includes(each));
}

/** Runs `work` in the emission of that optimizer's next step. */
export function atNextStep(optimizer: Optimizer, work: () => void): void {
  const works = awaiting.get(optimizer);
  if (works) works.push(work);
  else awaiting.set(optimizer, [work]);
}

/** To be called in the emission of a step. */
export function stepTaken(optimizer: Optimizer): void {
  const works = awaiting.get(optimizer);
  awaiting.delete(optimizer);
  works?.forEach((work) => work());
}

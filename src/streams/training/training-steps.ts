import type { Optimizer } from '../../tensor/optimizers/optimizer';
import type { RandomState } from '../../tensor/random-state';
import type { Place } from '../trail';

/**
 * Where the data and the random numbers were when the emission of an optimizer's latest step had ended. A value may be seen below later
 * than that, when further examples are on their way already; the variables are those of the latest step in any case.
 */
export interface LastStep {
  readonly place: Place | null;
  readonly random: RandomState;
  /** Grows with each step of any optimizer. */
  readonly order: number;
}

/** The steps of one optimizer: operators that train note them here, and the trail shows them to operators below. */
export class TrainingSteps {
  /** The latest step whose emission has ended; null before the first. */
  last: LastStep | null = null;
  /** Who has taken in some batches of a step, and waits for the others. */
  private readonly begunBy = new Set<object>();
  private atNext: (() => void)[] = [];

  /**
   * @param id no other steps have it, in any thread
   * @param optimizer null for that of another thread
   */
  constructor(
    readonly id: string,
    readonly optimizer: Optimizer | null,
  ) {}

  /** Whether the next step is begun: what a loss function changes by hand is ahead of what it trains. */
  get isBegun(): boolean {
    return this.begunBy.size > 0;
  }

  /** To be called when a batch has been taken in that does not complete a step. */
  begin(by: object): void {
    this.begunBy.add(by);
  }

  /** To be called when that step has been taken, or never will be. */
  end(by: object): void {
    this.begunBy.delete(by);
  }

  /** Runs `work` in the emission of the next step. */
  whenTaken(work: () => void): void {
    this.atNext.push(work);
  }

  /** To be called in the emission of a step. */
  taken(): void {
    const works = this.atNext;
    this.atNext = [];
    for (const work of works) work();
  }
}

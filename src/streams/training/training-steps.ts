import type { Optimizer } from '../../tensor/optimizers/optimizer';
import type { RandomState } from '../../tensor/random-state';
import type { Place } from '../trail';

/**
 * The place in the data and the state of the random numbers at the end of the emission of an optimizer's latest step. An operator below may see
 * the value later, when further examples are on their way already; the variables always belong to the latest step.
 */
export interface LastStep {
  readonly place: Place | null;
  readonly random: RandomState;
  /** Grows with each step of any optimizer. */
  readonly order: number;
}

/** The steps of one optimizer. Operators that train note them here; operators below find them in the trail. */
export class TrainingSteps {
  /** The latest step whose emission has ended; null before the first. */
  last: LastStep | null = null;
  /** The accumulations that have some batches of a step and wait for the rest. */
  readonly #begunBy = new Set<object>();
  #atNext: (() => void)[] = [];

  /**
   * @param id unique, also among other threads
   * @param optimizer null if the optimizer is in another thread
   */
  constructor(
    readonly id: string,
    readonly optimizer: Optimizer | null,
  ) {}

  /** Whether the next step has begun: variables that a loss function sets itself are then ahead of those that the optimizer updates. */
  get isBegun(): boolean {
    return this.#begunBy.size > 0;
  }

  /** Call this when a batch has been added that does not complete a step. */
  begin(by: object): void {
    this.#begunBy.add(by);
  }

  /** Call this when the step has been taken or abandoned. */
  end(by: object): void {
    this.#begunBy.delete(by);
  }

  /** Runs `work` during the emission of the next step. */
  whenTaken(work: () => void): void {
    this.#atNext.push(work);
  }

  /** Call this during the emission of a step. */
  taken(): void {
    const works = this.#atNext;
    this.#atNext = [];
    for (const work of works) work();
  }
}

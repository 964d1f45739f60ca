import type { Observable } from 'rxjs';
import { backendReport } from '../../tensor/api';
import { tensorsIn } from '../../tensor/container';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import type { Variable } from '../../tensor/variable';
import { RememberedVariables } from '../../streams/ownership/remembered-variables';
import type { Layout } from './layout';
import { Membership } from './membership';
import type { Traffic } from './membership-options';
import { OuterSteps } from './outer-steps';
import { runState } from './run-state';
import { layoutFor, trainedBy, type Settings } from './settings';
import type { Member, View } from './view';

/** Bytes of a snapshot that are not values. */
const SNAPSHOT_HEADER_BYTES = 1 << 22;

/** One member's part in a run while a stream is subscribed to: its membership, and what it trains. */
export class RunMember {
  readonly trained: readonly Variable[];
  readonly layout: Layout;
  /** The outer optimizer; null when every step is one of all members. */
  readonly outer: OuterSteps | null;
  readonly #membership: Membership;
  #weight: { readonly step: number; readonly rows: number; readonly at: number } | null = null;
  /** The statistics as they were when the step in work began, between {@link shard} and {@link average}. */
  #statistics: RememberedVariables | null = null;
  /** The round of local steps that this member is in. */
  #round = -1;
  /** The round in which this member's own steps do not count, since it took over a state in the middle of it. */
  #sittingOut = -1;

  constructor(
    readonly settings: Settings,
    optimizer: Optimizer,
    plain: Readonly<Record<string, string | number>>,
  ) {
    const { connection, run, name, size, localSteps, outerLearningRate, outerMomentum, patience } = settings;
    this.trained = trainedBy(settings);
    this.layout = layoutFor(settings, this.trained, optimizer.name, plain);
    this.outer = localSteps > 1 ? new OuterSteps(this.trained, outerLearningRate, outerMomentum) : null;
    const own = this.outer?.variables ?? new Map(this.trained.map((each) => [each.name, each]));
    const variables = new Map([...own, ...settings.statistics.map((each) => [each.name, each] as const)]);
    const state = runState(variables, optimizer);
    const elements = [...variables.values()].reduce((sum, each) => sum + each.size, 0);
    const membership = (): Membership =>
      new Membership({
        connection,
        run,
        name,
        size,
        patience,
        arithmetic,
        layout: this.layout,
        mostStateBytes: 4 * elements * (1 + optimizer.slotNames.length) + SNAPSHOT_HEADER_BYTES,
        state: {
          snapshot: state.snapshot,
          restore: (checkpoint, place, step) => {
            state.restore(checkpoint, place, step);
            // The giver may be in the middle of a round, also with fewer steps of its own, if it sat one out. At the beginning nothing changes.
            this.outer?.undo();
            if (this.outer && optimizer.iterations > step * localSteps) this.#sittingOut = step;
          },
        },
      });
    try {
      this.#membership = membership();
    } catch (error) {
      this.outer?.dispose();
      throw error;
    }
    this.#membership.startAt(Math.floor(optimizer.iterations / localSteps));
  }

  get view$(): Observable<View | null> {
    return this.#membership.view$;
  }

  get members(): readonly Member[] {
    return this.#membership.members;
  }

  /** The place of this member among the members. */
  get rank(): number {
    return this.#membership.rank;
  }

  /** How many steps, or rounds of local steps, have been taken. */
  get step(): number {
    return this.#membership.step;
  }

  get traffic(): Traffic {
    return this.#membership.traffic;
  }

  /** See {@link Membership.ready}. A member that computes otherwise than the first takes over its state now and then. @param batch of the step, before it is parted */
  async ready(step: number, batch?: unknown): Promise<'go' | 'skip'> {
    const isShared = this.settings.batches === 'shared';
    const found = await this.#membership.ready(
      step,
      isShared ? (tensorsIn(batch)[0]?.shape[0] ?? null) : null,
    );
    const isTime = step > 0 && step % this.settings.follow === 0;
    if (found === 'go' && isTime) await this.#membership.followFirst();
    return found;
  }

  average(vector: Float32Array, weight: number, milliseconds: number): Promise<Float32Array | null> {
    return this.#membership.average(vector, weight, milliseconds);
  }

  advance(): void {
    this.#membership.advance();
  }

  /** Notes how many rows this member has of a step's batch. */
  noteWeight(step: number, rows: number): void {
    this.#weight = { step, rows, at: performance.now() };
  }

  /** The weight of this member's gradients: the rows that were noted for the step, otherwise 1. */
  weightOf(step: number): number {
    return this.#weight?.step === step ? this.#weight.rows : 1;
  }

  /** How many ms ago the rows were noted for the step: this member has been at work on them since. */
  workOn(step: number): number {
    return this.#weight?.step === step ? performance.now() - this.#weight.at : 0;
  }

  /** Remembers the statistics as they are when a step begins. */
  rememberStatistics(): void {
    this.#statistics?.release();
    this.#statistics = RememberedVariables.of(this.settings.statistics);
  }

  /** Sets the statistics to what was remembered, if it was. */
  restoreStatistics(): void {
    this.#statistics?.restore();
    this.#statistics?.release();
    this.#statistics = null;
  }

  /** Resolves when a step has been taken, or this member has left. */
  taken(step: number): Promise<void> {
    return this.#membership.taken(step);
  }

  isInRound(round: number): boolean {
    return this.#round === round && this.step === round;
  }

  enter(round: number): void {
    this.#round = round;
  }

  sitsOut(round: number): boolean {
    return this.#sittingOut === round;
  }

  /** See {@link Membership.catchUp}. */
  catchUp(): Promise<void> {
    return this.#membership.catchUp();
  }

  finish(): Promise<void> {
    return this.#membership.finish();
  }

  async close(): Promise<void> {
    this.#statistics?.release();
    this.#statistics = null;
    try {
      await this.#membership.close();
    } finally {
      this.outer?.dispose();
    }
  }
}

/** The backend and the kind of its kernels: members with the same compute the same bits. */
function arithmetic(): string {
  const { backend, device } = backendReport();
  return `${backend}, ${device}`;
}

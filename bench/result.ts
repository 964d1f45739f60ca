/** A case as it was measured in one place. */
export interface CaseResult {
  readonly name: string;
  readonly peer: string;
  readonly must: number;
  readonly aim: number;
  /** Milliseconds a run; absent where the case could not run. */
  readonly ours?: number;
  readonly theirs?: number;
  /** Peer's time by our time, of the medians and of the minima. */
  readonly ratio?: number;
  readonly ratioOfMinima?: number;
  readonly limitMs?: number;
  readonly gigaflops?: number;
  readonly problem?: string;
}

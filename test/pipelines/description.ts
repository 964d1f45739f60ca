/** A pipeline as data: a tree that fast-check draws, shrinks and prints, and that two interpreters make streams of. */

/** Where values come from. Times are in units of virtual time; see `timing.ts` for why no two of them ever meet. */
export type Source =
  /** `examples`, its values all at once, as numbers or as tensors that an iterator yields. */
  | (Values & { source: 'examples'; yields: 'numbers' | 'tensors' })
  /** `examples` held up by a slow projection: only `inFlight` of its emissions are ever unfinished. */
  | (Values & { source: 'paced'; inFlight: number; work: number; after: number })
  /** A Subject that is fed whether somebody listens or not. */
  | (Values & { source: 'hot'; period: number; lift: Lift })
  /** A timer that begins anew for each subscriber. */
  | (Values & { source: 'cold'; period: number; lift: Lift });

interface Values {
  values: number[];
  start: number;
  ending: 'complete' | 'error' | 'never';
}

/**
 * How a number of a stock source becomes a tensor: by an operator of ours, by a stock `map` below `scoped()`, or by a stock `map` alone
 * above an operator of ours.
 */
export type Lift = 'mapTensor' | 'scoped and map' | 'map';

/** What goes through an operator that holds values: scalars, or objects and arrays of them. */
export type Form = 'scalar' | 'nested';

/** Operators of RxJS on tensors that are alive, and on numbers read from them. */
export type StockStep =
  | { op: 'map' }
  | { op: 'filter'; odd: boolean }
  | { op: 'tap' }
  | { op: 'take'; count: number }
  | { op: 'skip'; count: number }
  | { op: 'takeWhile'; below: number; inclusive: boolean }
  /** Leaves when so much time has passed since it was subscribed to. */
  | { op: 'takeUntil'; time: number }
  /**
   * Leaves what is inside when so many values have come, in the middle of an emission. 'above': before what is inside has seen the last of
   * them, 'below': after. 'from above': as 'below', by an end that what is inside still sees.
   */
  | { op: 'leave within'; count: number; where: 'above' | 'below' | 'from above'; steps: Step[] }
  | { op: 'scan' }
  | { op: 'share'; left: Step[]; right: Step[] }
  /** Inner pipelines, each begun by a number. */
  | { op: 'flatten'; by: 'switchMap' | 'mergeMap' | 'concatMap' | 'exhaustMap'; inner: Pipeline }
  /** Inner pipelines that compute with the outer tensor while it lives. */
  | { op: 'flatten at once'; by: 'switchMap' | 'mergeMap'; count: number; steps: Step[] }
  | { op: 'merge'; other: Pipeline }
  | { op: 'concat'; other: Pipeline }
  | { op: 'catchError'; other: Pipeline }
  | { op: 'retry'; count: number }
  | { op: 'repeat'; count: number }
  | { op: 'defer' }
  /** Throws when so many values have come, over all subscriptions. */
  | { op: 'fail'; at: number; within: 'mapTensor' | 'map' | 'tap' }
  /**
   * What comes out goes in again so many times, at once: while it is being emitted, before whoever is below has seen it, or after. A
   * 'projection' is a function of an operator of ours, 'accumulate' that of `scanTensor`, which refuses what comes meanwhile.
   */
  | { op: 'feedback'; times: number; by: 'tap' | 'after' | 'projection' | 'accumulate'; steps: Step[] };

/** Operators of this library. */
export type OwnStep =
  /** `recorded`: the function that it is given is recorded, and then replayed. */
  | { op: 'mapTensor'; recorded: boolean }
  | { op: 'predict'; recorded: boolean }
  | { op: 'scoped' }
  | { op: 'scanTensor'; seeded: boolean; recorded: boolean }
  | { op: 'batch'; size: number; dropRemainder: boolean; form: Form }
  | { op: 'unbatch'; rows: number }
  | { op: 'shuffle'; buffer: number; seed: number; form: Form }
  | { op: 'slidingWindow'; size: number; stride: number; form: Form }
  /** What its function makes before its first `await` is freed by itself, or by the operator. */
  | { op: 'mapTensorAsync'; work: number; concurrency: number; form: Form; makes: 'tidily' | 'freely' }
  | { op: 'download'; form: Form }
  /** Above a slow projection; what comes of it is a number, so that nothing further below counts as unfinished. */
  | { op: 'latest'; work: number; after: number; form: Form }
  | { op: 'own'; form: Form }
  | { op: 'trainStep'; loss: 'function' | 'above' | 'halves'; accumulate: number; recorded: boolean }
  | { op: 'across'; carrying: Carrying; form: Form; holds: 'what it needs' | 'left out' }
  | { op: 'shareReplayTensor'; size: number; late: number; form: Form }
  | { op: 'combineLatestTensor'; other: Pipeline }
  | { op: 'zipTensor'; other: Pipeline }
  | { op: 'withLatestFromTensor'; other: Pipeline };

/** A stock operator inside of `across`. */
export type Carrying =
  | {
      by:
        | 'delay'
        | 'delayWhen'
        | 'observeOn'
        | 'concatMap'
        | 'mergeMap'
        | 'switchMap'
        | 'exhaustMap'
        | 'debounceTime'
        | 'debounce'
        | 'auditTime'
        | 'audit'
        | 'sampleTime'
        | 'throttleTime'
        | 'leading throttleTime'
        | 'bufferTime'
        | 'windowTime';
      time: number;
    }
  | { by: 'takeLast' | 'skipLast'; count: number }
  | { by: 'toArray' }
  | { by: 'bufferCount'; size: number; every: number }
  | { by: 'pairwise' };

export type Step = StockStep | OwnStep;

export interface Pipeline {
  source: Source;
  steps: Step[];
}

/** How long a subscriber stays. */
export type Leaving =
  | { leaves: 'at the end' }
  | { leaves: 'after'; time: number }
  /** In the middle of an emission; it still reads. */
  | { leaves: 'inside next'; count: number }
  /** Decides so in the middle of an emission, and leaves in a promise. */
  | { leaves: 'in a promise'; count: number }
  /** Decides so in the middle of an emission, and leaves between emissions. */
  | { leaves: 'later'; count: number; time: number };

export interface Subscriber {
  at: number;
  leaving: Leaving;
  /** How many values it pushes into a subject above all of the pipeline, from within its `next`. */
  feeds: number;
}

/** A pipeline, and who listens to it. */
export interface Scenario {
  pipeline: Pipeline;
  subscribers: Subscriber[];
}

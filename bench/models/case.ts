/** What is measured of a model, or of a package that runs one. */
export type Kind = 'a run' | 'the first result' | 'peak memory' | 'a call of a package';

/** One model, or package, beside a peer: milliseconds, or bytes of memory. */
export interface ModelResult {
  readonly kind: Kind;
  readonly name: string;
  readonly peer: string;
  readonly ours?: number;
  readonly theirs?: number;
  /** How many times the peer's is ours. */
  readonly ratio?: number;
  /** Why there is no ratio. */
  readonly problem?: string;
}

/** What a part of the suite is asked for. */
export interface ModelSuiteOptions {
  readonly rounds: number;
  readonly only?: string;
  /** A single model, and whose side: the process does nothing else. */
  readonly once?: { readonly name: string; readonly side: 'ours' | 'theirs' };
  /** A single package: the process does nothing else. */
  readonly package?: PackageRun;
}

/** A package, built as a module on each library, and the address of the files that it loads. */
export interface PackageRun {
  readonly name: string;
  readonly ours: string;
  readonly theirs: string;
  readonly address: string;
}

/** What two contestants took: medians of milliseconds, and the median of how many times the peer's is ours. */
export type Compared = Required<Pick<ModelResult, 'ours' | 'theirs' | 'ratio'>>;

/** What a process of its own tells of one side of one model. */
export interface OnceResult {
  /** From the files to the values of the first result, in milliseconds. */
  readonly first: number;
  /** How much the process grew to at most, in bytes. */
  readonly bytes: number;
}

/** Whether `--only` chooses a case: one of its texts, with | between them, is in the name. */
export function isChosen(only: string, name: string): boolean {
  return only.split('|').some((text) => name.includes(text));
}

/**
 * What ops and optimizers do on the host besides calling kernels: attributes computed from a state that goes on (keys of random numbers, the number of
 * an optimizer's step), and changes of that state. Whoever records kernels listens, to do the same again when it replays them.
 */
export interface HostListener {
  /** These attributes of a kernel were computed; `again` computes those of the next call. */
  readonly varies: (attributes: object, again: () => object) => void;
  /** A state was changed, which `again` does once more. */
  readonly changes: (again: () => void) => void;
}

let listener: HostListener | null = null;

/** A subscription: the functions to call when it ends. */
export type Endings = Set<() => void>;

/** The innermost subscription in which code runs. Operators set it by assignments, since a call may fail by a stack overflow. */
export const running: { subscription: Endings | null } = { subscription: null };

/** Calls `work` while `heard` listens. */
export function listening<T>(heard: HostListener | null, work: () => T): T {
  const before = listener;
  listener = heard;
  try {
    return work();
  } finally {
    listener = before;
  }
}

/** Attributes of a kernel that differ from call to call. */
export function varying<A extends object>(compute: () => A): A {
  const attributes = compute();
  listener?.varies(attributes, compute);
  return attributes;
}

/** Changes a state of the host. */
export function changing(change: () => void): void {
  change();
  listener?.changes(change);
}

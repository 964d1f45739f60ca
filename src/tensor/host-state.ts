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

/** A subscription: the functions to call when it ends. */
export type Endings = Set<() => void>;

/** In what code runs: the recording, and the innermost subscription. Both are set by assignments, since a call may fail by a stack overflow. */
export const running: { listener: HostListener | null; subscription: Endings | null } = {
  listener: null,
  subscription: null,
};

/** Attributes of a kernel that differ from call to call. */
export function varying<A extends object>(compute: () => A): A {
  const attributes = compute();
  running.listener?.varies(attributes, compute);
  return attributes;
}

import type { Tensor } from './tensor';

/** The tensors without a scope that a dry run has made; null while none is going on. */
let made: Tensor[] | null = null;

/** Whether ops compute nothing, so that nothing may change: see {@link warmUp}. */
export function isDryRun(): boolean {
  return made !== null;
}

/** Notes a tensor that no scope frees, so that a dry run frees it. */
export function noteDry(tensor: Tensor): void {
  made?.push(tensor);
}

/** Calls `work` as a dry run, and frees what it leaves. */
export function dryRun(work: () => void): void {
  const outer = made;
  const own: Tensor[] = [];
  made = own;
  try {
    work();
  } finally {
    made = outer;
    for (const each of own) each.dispose();
  }
}

let living = 0;

/** How many tensors are alive, variables included. */
export function numTensors(): number {
  return living;
}

/** Counts a tensor that has come or gone. */
export function countTensors(change: 1 | -1): void {
  living += change;
}

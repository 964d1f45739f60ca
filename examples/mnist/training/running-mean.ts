/** The share of the older losses in the mean: about the last 16 count. */
const INERTIA = 0.94;

/** A running mean: the recent values weigh more, and it is no nearer to 0 for having just begun. */
export function runningMean(): (value: number) => number {
  let sum = 0;
  let weights = 0;
  return (value) => {
    sum = INERTIA * sum + (1 - INERTIA) * value;
    weights = INERTIA * weights + (1 - INERTIA);
    return sum / weights;
  };
}

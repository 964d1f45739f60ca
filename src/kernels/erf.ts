const TWO_OVER_SQRT_PI = 1.1283791670955126;

/** The Maclaurin series of erf, with enough terms for float32 where |x| < 1.25. */
function erfSeries(x: number): number {
  const square = x * x;
  let power = x;
  let sum = x;
  for (let n = 1; n <= 18; n++) {
    power *= -square / n;
    sum += power / (2 * n + 1);
  }
  return TWO_OVER_SQRT_PI * sum;
}

/** erfc(x) for x ≥ 1.25 by its continued fraction (DLMF 7.9.4), evaluated from the tail. */
function erfcContinuedFraction(x: number): number {
  let tail = x;
  for (let n = 40; n >= 1; n--) tail = x + n / 2 / tail;
  return (Math.exp(-x * x) / tail) * (TWO_OVER_SQRT_PI / 2);
}

/** The error function, correct to float32. Source: DLMF (dlmf.nist.gov) chapter 7. */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 1.25) return erfSeries(x);
  if (magnitude > 6) return Math.sign(x);
  return Number.isNaN(x) ? NaN : Math.sign(x) * (1 - erfcContinuedFraction(magnitude));
}

/** A number of milliseconds for a table. */
export function milliseconds(value: number): string {
  return value >= 0.1 ? value.toFixed(2) : value.toPrecision(2);
}

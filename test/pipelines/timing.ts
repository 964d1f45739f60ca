/**
 * Times of a description, made so that no two moments of different origin meet: what happens at one moment then has one cause, and the
 * order of promises and of timers within it cannot matter.
 */

/** Of a unit: with the 17 binary digits above the point that are left, sums are exact. */
const GRAIN = 2 ** -36;

/** A fraction of a unit that belongs to one place alone; sums of a few of them differ as well. The last steps are those of MurmurHash3. */
function fraction(place: number): number {
  let word = Math.imul(place + 1, 0x9e3779b1);
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return ((word ^ (word >>> 16)) >>> 0) * GRAIN;
}

/** How long a read of the device takes. */
export const READ_TIME = 1 + fraction(0);

export class Timing {
  private readonly places = new Map<object, number>();

  /** @param description no two parts of it may be the same object */
  constructor(description: object) {
    this.visit(description);
  }

  /** A time that the description gives, as a moment or a duration of its own. */
  exact<T extends object>(place: T, field: keyof T & string): number {
    const time = place[field] as number;
    const index = this.places.get(place)! * 8 + Object.keys(place).sort().indexOf(field) + 1;
    return time + fraction(index);
  }

  private visit(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    this.places.set(value, this.places.size);
    for (const each of Object.values(value)) this.visit(each);
  }
}

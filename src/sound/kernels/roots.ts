/** The greatest factor that one pass takes. */
const RADICES = [4, 3, 2, 5] as const;

/** n as a product of the radices, or null where it has other prime factors. */
export function radicesOf(n: number): readonly number[] | null {
  const found: number[] = [];
  for (const radix of RADICES) {
    for (; n % radix === 0; n /= radix) found.push(radix);
  }
  return n === 1 ? found : null;
}

/** The number of frequencies from 0 to half the sampling rate. */
export const halfOf = (length: number): number => Math.floor(length / 2) + 1;

/** One pass of Stockham's algorithm: `together` elements go together, and `parts` butterflies of `radix` are made of each of their sets. */
export interface Pass {
  readonly radix: number;
  readonly parts: number;
  readonly together: number;
}

/** The passes of a transform of n elements. A transform of one has none. */
export function passesOf(n: number, radices: readonly number[]): Pass[] {
  let together = 1;
  return radices.map((radix) => {
    const pass = { radix, parts: n / together / radix, together };
    together *= radix;
    return pass;
  });
}

/** Keeps what was made for the latest keys. */
export function remembered<K, V>(make: (key: K) => V, most: number): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.delete(key);
    known.set(key, value);
    if (known.size > most) known.delete(known.keys().next().value!);
    return value;
  };
}

/** The pairs cos(2πj/n), −sin(2πj/n) for j from 0 to n − 1, in float64. Eighths of a turn are exact. */
function rootsOf(n: number): Float64Array {
  const roots = new Float64Array(2 * n);
  for (let j = 0; j < n; j++) {
    // The nearest quarter turn, and the rest of at most an eighth.
    const quarter = Math.round((4 * j) / n);
    const angle = (Math.PI / 2) * ((4 * j - quarter * n) / n);
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const [cosine, sine] = [
      [c, s],
      [-s, c],
      [-c, -s],
      [s, -c],
    ][quarter & 3] as [number, number];
    roots[2 * j] = cosine;
    roots[2 * j + 1] = -sine;
  }
  return roots;
}

/** The latest tables are kept. */
const MOST_TABLES = 16;

/** The roots in float64 and in float32, of the latest lengths. */
export const roots64 = remembered(rootsOf, MOST_TABLES);
export const roots32 = remembered((n: number) => new Float32Array(rootsOf(n)), MOST_TABLES);

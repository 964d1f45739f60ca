/** A number within that distance, for `toEqual` on objects that hold numbers. */
export const near = (wanted: number, distance = 1e-4): number =>
  ({
    asymmetricMatch: (found: unknown) => typeof found === 'number' && Math.abs(found - wanted) <= distance,
    jasmineToString: () => `about ${wanted}`,
  }) as unknown as number;

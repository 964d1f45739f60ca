/** The number of places where the learnt curve is drawn. */
export const GRID = 81;

/** A wave, measured at 60 places with an error that looks like chance and is the same for every reader. */
const places = Array.from({ length: 60 }, (_, i) => -1 + (2 * i) / 59);

export const points: { readonly x: readonly number[]; readonly y: readonly number[] } = {
  x: places,
  y: places.map((x, i) => 0.7 * Math.sin(4 * x) + 0.2 * x + 0.08 * Math.sin(7.3 * i * i)),
};

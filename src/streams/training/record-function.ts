/** Makes a function that replays what the given one did, where that does not change: `recorded` of `rxtensor/programs`. */
export type RecordFunction = <F extends (...args: never[]) => unknown>(f: F) => F;

/** Records nothing. */
export const asItIs: RecordFunction = (f) => f;

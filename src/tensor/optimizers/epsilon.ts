/** What is added to a divisor where a program gives nothing, or null: TensorFlow.js's for float32. */
export const DEFAULT_EPSILON = 1e-7;

import type { Tolerance } from '../support/close';

/** Gradients are computed from results, whose roundings they amplify. */
export const GRADIENT_TOLERANCE: Tolerance = { cpu: 5e-5, webgl: 1e-3 };

/** The names of the variables whose values are lost now; variables are known to a higher room only. */
let lostVariables = (): readonly string[] => [];

/** Says how the names of lost variables are found. */
export function nameLostVariables(names: () => readonly string[]): void {
  lostVariables = names;
}

/**
 * The error of everything that needs values of a lost WebGL context: an op, a read, the error notification of a stream. The browser takes a
 * context away when the driver is reset, the device sleeps, too many contexts are open, or memory runs out.
 *
 * The loss is final: a context that the browser restores is not used. `setBackend('webgl')` opens a new one, `setBackend('cpu')` computes on the
 * CPU. Tensors must then be made anew and variables be assigned; `resilient` of `rxtensor/checkpoints` does that for a training.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const weights = dl.variable(() => dl.zeros([2]), true, 'weights');
 * weights.data().catch((error: unknown) => {
 *   if (!(error instanceof dl.ContextLostError)) throw error;
 *   console.log(error.variables); // ['weights']
 *   dl.setBackend('webgl');
 *   dl.tidy(() => weights.assign(dl.zeros([2])));
 * }).finally(() => weights.dispose());
 * ```
 */
export class ContextLostError extends Error {
  /** By what it is known where classes are not shared. */
  override readonly name = 'ContextLostError';
  /** The names of all variables whose values are lost, without the slots of optimizers. */
  readonly variables = lostVariables();
}

/** The error for what cannot be done without a context. */
export function contextLost(doing: string): ContextLostError {
  const error = new ContextLostError();
  const { variables } = error;
  const names = variables.slice(0, 9).map((name) => `'${name}'`);
  if (variables.length > names.length) names.push('…');
  error.message =
    `webgl: ${doing}: the WebGL context is lost, and with it the values of all tensors on it` +
    (names.length > 0 ? `, among them ${variables.length} variables: ${names.join(', ')}` : '') +
    ` (the driver was reset, memory ran out, or too many contexts were open); wanted setBackend('webgl'), which opens a new one, or ` +
    `setBackend('cpu'): then make the tensors anew and assign the variables, or let resilient() do so`;
  return error;
}

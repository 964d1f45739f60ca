import { contextLost, type ContextLostError } from '../context-lost';

/** The error for what cannot be done without the device. It is that of lost WebGL contexts, so that programs treat both alike. */
export function deviceLost(doing: string, why: string): ContextLostError {
  const error = contextLost(doing);
  const { variables } = error;
  error.message =
    `webgpu: ${doing}: the WebGPU device is lost (${why || 'the driver was reset, or memory ran out'}), and with it the values of all tensors on it` +
    (variables.length > 0 ? `, among them ${variables.length} variables` : '') +
    `; wanted await setBackend('webgpu'), which opens another, or setBackend('cpu'): then make the tensors anew and assign the variables`;
  return error;
}

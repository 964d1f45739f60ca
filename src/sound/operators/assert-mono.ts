import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';

/** Passes on samples of one channel. @throws when there are several, or no samples but whole numbers */
export function assertMono(name: string, samples: Tensor): Tensor {
  if (samples.shape.length === 1 && samples.dtype === 'float32') return samples;
  throw new Error(
    `${name}: samples are ${samples.dtype} of shape ${formatShape(samples.shape)}; wanted float32 of shape [samples], from −1 to 1: ` +
      "one channel, as sources give it with channels: 'mono', or x.mean(0)",
  );
}

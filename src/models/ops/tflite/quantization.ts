/**
 * Models whose values are integers on a grid are computed in floats: what an operator gives is rounded to the grid of its tensor, so that it
 * is a value that the integers can express. The integers themselves are only at the inputs and outputs.
 */
import * as dl from '../../../tensor';
import type { NodeAttributes, OpTable } from '../row';

function gridOf(attributes: NodeAttributes) {
  const [least = 0, greatest = 0] = attributes.numbers('range');
  return { scale: attributes.number('scale', 1), zero: attributes.number('zero_point', 0), least, greatest };
}

export const quantization: OpTable = {
  DEQUANTIZE: {
    run: ({ x, attributes }) => {
      const { scale, zero } = gridOf(attributes);
      return dl.mul(dl.sub(dl.cast(x[0]!, 'float32'), zero), scale);
    },
  },
  QUANTIZE: {
    run: ({ x, attributes }) => {
      const { scale, zero, least, greatest } = gridOf(attributes);
      const places = dl.clipByValue(dl.add(dl.round(dl.div(x[0]!, scale)), zero), least, greatest);
      return attributes.flag('integers') ? dl.cast(places, 'int32') : dl.mul(dl.sub(places, zero), scale);
    },
  },
};

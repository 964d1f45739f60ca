import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgl';
import * as converter from '@tensorflow/tfjs-converter';
import { pictureFor } from '../../test/models/picture';
import { ofValues, type TheirModel } from './their-model';
import { offer } from './webgl-page';

const { loadGraphModel } = converter as unknown as {
  readonly loadGraphModel: (address: string) => Promise<TheirModel>;
};

offer(async (address, compared) => {
  tf.env().set('PROD', true);
  await tf.setBackend('webgl');
  const model = await loadGraphModel(address);
  const json = (await (await fetch(address)).json()) as {
    readonly modelTopology: { readonly node: readonly { readonly op: string }[] };
  };
  const waits = json.modelTopology.node.some(({ op }) => ofValues.test(op));
  const inputs = Object.fromEntries(
    model.inputs.map((input) => {
      const shape = input.shape?.map((extent) => (extent < 0 ? null : extent)) ?? null;
      const given = pictureFor({
        name: input.name,
        shape,
        dtype: input.dtype === 'int32' ? 'int32' : 'float32',
      });
      return [input.name, tf.tensor(given.values, given.shape, given.dtype)];
    }),
  );
  return async () => {
    const results = [
      waits ? await model.executeAsync(inputs, compared) : model.execute(inputs, compared),
    ].flat() as tf.Tensor[];
    const values = await Promise.all(results.map((each) => each.data()));
    tf.dispose(results);
    return values as ArrayLike<number>[];
  };
});

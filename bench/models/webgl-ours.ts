import * as dl from 'rxtensor';
import { loadGraphModel } from 'rxtensor/models';
import { pictureFor } from '../../test/models/picture';
import { offer } from './webgl-page';

offer(async (address, compared) => {
  await dl.setBackend('webgl');
  const model = await loadGraphModel(address);
  const inputs = Object.fromEntries(
    model.inputs.map((input) => {
      const { values, shape, dtype } = pictureFor(input);
      return [input.name, dl.tensor(values, shape, dtype)];
    }),
  );
  return async () => {
    const results = await model.executeAsync(inputs, compared);
    const values = await Promise.all(results.map((each) => each.data()));
    dl.dispose(results);
    return values;
  };
});

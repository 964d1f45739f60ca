// In Node alone: a read of a page's device takes real time, which virtual time does not wait for.
import * as dl from 'rxtensor';
import { pipe } from 'rxjs';
import { expectFlat, tenMinutes, WORK_MS, type Picture, type Way } from '../testing/ten-minutes';

describe('Back-pressure of a checkpoint store that is slow', () => {
  it('keeps memory and delay flat over ten minutes of a camera whose pictures train', async () => {
    const slope = dl.tidy(() => dl.variable(dl.scalar(1)));
    const sgd = dl.train.sgd(0.001);
    const saving: Way = (time, _device, over) => {
      const store = {
        name: 'a store that is slow',
        save: () => time.wait(WORK_MS).then(over),
        load: () => Promise.resolve(null),
      };
      return pipe(
        dl.trainStep(sgd, ({ image }: Picture) => dl.square(dl.mul(slope, dl.mul(image, 0))), {
          metrics: { image: (_, { image }: Picture) => image.clone() },
        }),
        dl.checkpoint({ every: 1, store, position: false, variables: [slope] }),
        dl.mapTensor(({ metrics: { image } }) => ({ image: image })),
      );
    };
    expectFlat(await tenMinutes(saving, 2, 'source'), 2);
    dl.dispose(slope);
    sgd.dispose();
  }, 120_000);
});

import * as dl from 'rxtensor';
import { deviceMarbles } from '.';

const values = { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8 };
const squares = { a: 1, b: 4, c: 9, d: 16, e: 25, f: 36, g: 49, h: 64 };
const square = (x: number): dl.Tensor => dl.scalar(x).square();

describe('deviceMarbles', () => {
  it('drops frames that come while the device is busy, the newest being next', async () => {
    let dropped = 0;
    await deviceMarbles({ duration: 3 }, ({ cold, expectTensors, expectSubscriptions }) => {
      const camera = cold('abcdefgh|', values);
      const shown = camera.pipe(dl.latest({ onDrop: () => dropped++ }), dl.predict(square));
      expectTensors(shown).toBe('a--d--g--h--|', squares);
      expectSubscriptions(camera.subscriptions).toBe('^-------!');
    });
    expect(dropped).toBe(4);
  });

  it('lets promises settle as time passes: what is downloaded comes when the device is done', async () => {
    await deviceMarbles({ duration: 2 }, ({ cold, hot, time, expectTensors, device }) => {
      expect(time('---|')).toBe(3);
      expect(device.busyFor).toBe(0);
      const read = cold('a--b|', values).pipe(dl.mapTensor(square), dl.download());
      expectTensors(read).toBe('--a--(b|)', squares);
      expectTensors(hot('a-^b--|', values).pipe(dl.mapTensor((x) => dl.scalar(x))), '^-!').toBe('-b', values);
    });
  });

  it('holds a source of examples back, and paces it by the clock it is given', async () => {
    await deviceMarbles({ duration: 4 }, ({ scheduler, expectTensors }) => {
      const source = dl.examples([1, 2, 3, 4], { inFlight: 1, scheduler });
      expectTensors(source.pipe(dl.mapTensor(square))).toBe('a---b---c---d---|', squares);
    });
  });

  it('fails as it should', async () => {
    const before = dl.getBackend();
    const wrong = deviceMarbles({ duration: 3 }, ({ cold, expectTensors }) => {
      expectTensors(cold('ab|', values).pipe(dl.mapTensor(square), dl.download())).toBe('---ab|', squares);
    });
    await expectAsync(wrong).toBeRejectedWithError(
      [
        'deviceMarbles: notification 2 is not as wanted',
        'found:',
        '    3 ms: 1',
        '  > 6 ms: 4',
        '    6 ms: complete',
        'wanted:',
        '    3 ms: 1',
        '  > 4 ms: 4',
        '    5 ms: complete',
      ].join('\n'),
    );
    const thrown = deviceMarbles({ duration: 3 }, () => {
      throw new Error('mine');
    });
    await expectAsync(thrown).toBeRejectedWithError('mine');
    const late = (() => Promise.resolve()) as unknown as () => void;
    await expectAsync(deviceMarbles({ duration: 3 }, late)).toBeRejectedWithError(/returned a promise/);
    expect(dl.getBackend()).toBe(before);
  });
});

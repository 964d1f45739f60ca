import * as dl from 'rxtensor/tensor';
import { activeBackend } from '../kernels';
import { createCpuBackend } from '../kernels/cpu';
import { storageMemory } from './device';
import { observeDevice, type DeviceEvents } from './device-observers';

/** Writes one line for each event. Storages are numbered in the order of their first event. */
function listen(): { readonly lines: string[]; readonly stop: () => void } {
  const lines: string[] = [];
  const numbers = new Map<unknown, number>();
  const number = (storage: unknown): string => {
    if (!numbers.has(storage)) numbers.set(storage, numbers.size);
    return `#${numbers.get(storage)!}`;
  };
  const list = (tensors: readonly dl.Tensor[]): string =>
    tensors.map(({ storage }) => number(storage)).join(' ') || 'nothing';
  const observer: Required<{ [K in keyof DeviceEvents]: (event: DeviceEvents[K]) => void }> = {
    kernel: ({ op, kernel, attributes, inputs, outputs }) => {
      const options = 'name' in attributes ? ` ${attributes.name}` : '';
      lines.push(`${op}: ${kernel}${options} of ${list(inputs)} fills ${list(outputs)}`);
    },
    allocate: ({ storage }) => lines.push(`allocate ${number(storage)}`),
    write: ({ op, output, values }) => lines.push(`${op}: write ${list([output])} ${values.join()}`),
    read: ({ op, input, blocks }) => lines.push(`${op}: read ${list([input])}${blocks ? ', blocking' : ''}`),
    move: ({ op, storage, from, to }) => lines.push(`${op}: move ${number(storage)} from ${from} to ${to}`),
    view: ({ op, input, output }) => lines.push(`${op}: view of ${list([input])} as ${String(output.shape)}`),
    swap: ({ before, after }) => lines.push(`swap ${number(before)} for ${number(after)}`),
    free: ({ storage }) => lines.push(`free ${number(storage)}`),
  };
  return { lines, stop: observeDevice(observer) };
}

describe('observeDevice', () => {
  it('tells of allocations, writes, kernels, views, reads and frees, in order', async () => {
    const { lines, stop } = listen();
    const x = dl.tensor1d([1, 4]);
    const y = dl.tidy(() => x.sqrt().reshape([2, 1]));
    y.dataSync();
    await y.array();
    await y.buffer();
    dl.dispose([x, y]);
    stop();
    dl.tidy(() => void dl.ones([2]));
    expect(lines).toEqual([
      'allocate #0',
      'tensor1d: write #0 1,4',
      'allocate #1',
      'sqrt: unary sqrt of #0 fills #1',
      'reshape: view of #1 as 2,1',
      'dataSync: read #1, blocking',
      'array: read #1',
      'buffer: read #1',
      'free #0',
      'free #1',
    ]);
  });

  it('tells of the updates of an optimizer, and of variables that take over storage', () => {
    const v = dl.tidy(() => dl.variable(dl.tensor1d([1, -2])));
    const remembered = v.clone(); // so that no backend writes in place
    const optimizer = dl.train.sgd(0.1);
    const gradient = dl.tensor1d([1, 1]);
    const { lines, stop } = listen();
    optimizer.applyGradients({ [v.name]: gradient });
    v.assign(remembered);
    stop();
    expect(lines).toEqual([
      'allocate #0',
      'sgd: update sgd of #1 #2 fills #0',
      'swap #1 for #0',
      'swap #0 for #1',
      'free #0',
    ]);
    dl.dispose([v, remembered, gradient]);
    optimizer.dispose();
  });

  it('tells of the values that an op reads on the way to its result', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([2, 1, 2]);
      const { lines, stop } = listen();
      dl.unique(x);
      stop();
      expect(lines.filter((line) => line.startsWith('unique'))).toEqual([
        'unique: read #0, blocking',
        'unique: write #1 2,1',
        'unique: write #2 0,1,0',
      ]);
    });
  });

  it('tells of moves between backends, once for all tensors that share a storage', () => {
    const here = dl.getBackend();
    dl.registerBackend('second', () => createCpuBackend('none'), 0);
    const x = dl.tensor1d([1, 2]);
    const again = x.clone();
    dl.setBackend('second');
    const { lines, stop } = listen();
    dl.dispose(dl.tidy(() => x.add(again)));
    stop();
    dl.setBackend(here);
    dl.dispose([x, again]);
    dl.removeBackend('second');
    expect(lines).toEqual([
      `add: move #0 from ${here} to cpu`,
      'allocate #1',
      'add: binary add of #0 #0 fills #1',
      'free #1',
    ]);
  });

  it('tells nothing of what an observer does itself', () => {
    const { lines, stop } = listen();
    const stopReading = observeDevice({ kernel: ({ outputs }) => void outputs[0]!.dataSync() });
    dl.tidy(() => void dl.ones([2]));
    stopReading();
    stop();
    expect(lines).toEqual(['allocate #0', 'ones: fill of nothing fills #0', 'free #0']);
  });

  it('tells of as many allocations and frees as there are storages', () => {
    const before = storageMemory().numDataBuffers;
    let living = before;
    const stop = observeDevice({
      allocate: () => {
        living++;
      },
      free: () => {
        living--;
      },
    });
    const kept = dl.tidy(() => {
      const model = dl.grad((x: dl.Tensor) => x.square().mul(x).sum());
      return model(dl.tensor1d([1, 2, 3]));
    });
    expect(living).toBe(storageMemory().numDataBuffers);
    expect(living).toBe(before + 1);
    kept.dispose();
    stop();
    expect(living).toBe(before);
  });

  it('tells how long a kernel took', () => {
    const times: number[] = [];
    const stop = observeDevice({ kernel: ({ wallMs }) => void times.push(wallMs) });
    dl.tidy(() => void dl.ones([2]).square());
    stop();
    expect(times).toHaveSize(2);
    for (const wallMs of times) expect(wallMs).toBeGreaterThanOrEqual(0);
  });

  it('tells of the time on the device where one asks for it', async () => {
    const times: Promise<number>[] = [];
    const stops = [
      observeDevice({}),
      observeDevice({ kernel: ({ deviceMs }) => void times.push(deviceMs), timed: true }),
    ];
    dl.tidy(() => void dl.ones([2]).square());
    for (const stop of stops) stop();
    dl.tidy(() => void dl.ones([2]));
    const found = await Promise.all(times);
    expect(found.length).toBe(2);
    expect(found.every((ms) => Number.isNaN(ms) || ms >= 0)).toBeTrue();
  });

  it('passes on what a kernel throws, timed or not', () => {
    spyOn(activeBackend(), 'run').and.throwError('the device is gone');
    for (const timed of [false, true]) {
      const stop = observeDevice({ kernel: () => fail('a kernel that failed was observed'), timed });
      expect(() => dl.ones([2])).toThrowError('the device is gone');
      stop();
    }
  });
});

import {
  EARLY,
  PROCESSOR,
  PROCESSOR_SOURCE,
  type FromProcessor,
  type ProcessorOptions,
  type ToProcessor,
} from './processor';

interface Processor {
  readonly process: (inputs: Float32Array[][], outputs: Float32Array[][]) => boolean;
}

/** The scope of a worklet, as far as the processor uses it, whose time a spec has in its hands. */
function worklet(processorOptions: ProcessorOptions) {
  const sent: FromProcessor[] = [];
  const port = {
    onmessage: (_event: { data: ToProcessor }): void => undefined,
    postMessage: (message: FromProcessor, transferred: ArrayBuffer[] = []) => {
      if (message) expect(transferred).toEqual(message.channels.map(({ buffer }) => buffer as ArrayBuffer));
      sent.push(message);
    },
  };
  let registered: (new (options: object) => Processor) | null = null;
  let name = '';
  let frame = 1000;
  // The text runs as it does in a worklet: with these names and no others.
  const scope = {
    AudioWorkletProcessor: class {
      port = port;
    },
    registerProcessor: (given: string, processor: typeof registered) => {
      name = given;
      registered = processor;
    },
  };
  Object.defineProperty(scope, 'currentFrame', { get: () => frame });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, no-new-func -- the source is a text
  const evaluate = new Function('scope', `with (scope) { ${PROCESSOR_SOURCE} }`) as (given: object) => void;
  evaluate(scope);
  const processor = new registered!({ processorOptions });
  const early = (calls: number): void => {
    for (let i = 0; i < calls; i++, frame += 4)
      expect(processor.process([[new Float32Array(4)]], [[new Float32Array(4)]])).toBeTrue();
  };
  // What a browser leaves out while the graph is put together is no gap.
  early(3);
  port.onmessage({ data: { begin: true } });
  early(EARLY - 1);
  frame += 40;
  early(EARLY + 1);
  frame = 1000;
  Object.assign(processor, { next: null });
  return {
    name,
    sent,
    /** Each sample has the number of its frame. */
    run: (quanta: number, count = 4, channels = processorOptions.channels) => {
      let goesOn = true;
      for (let i = 0; i < quanta; i++) {
        const samples = Float32Array.from({ length: count }, (_, k) => frame + k);
        const input = Array.from({ length: channels }, (_, c) => samples.map((v) => v * (c + 1)));
        goesOn = processor.process([input], [[new Float32Array(count)]]);
        frame += count;
      }
      return goesOn;
    },
    skip: (frames: number) => (frame += frames),
    tell: (data: ToProcessor) => port.onmessage({ data }),
  };
}

const values = (message: FromProcessor | undefined): unknown =>
  message && [message.at, message.frame, ...message.channels.map((samples) => [...samples])];

describe('the processor of sound', () => {
  it('sends blocks of all samples, with their numbers', () => {
    const { name, run, sent } = worklet({ channels: 2, block: 8, most: 100 });
    run(5);
    expect(name).toBe(PROCESSOR);
    expect(sent.map(values)).toEqual(
      [0, 8].map((at) => [
        at,
        1000 + at,
        Array.from({ length: 8 }, (_, k) => 1000 + at + k),
        Array.from({ length: 8 }, (_, k) => 2 * (1000 + at + k)),
      ]),
    );
  });

  it('drops what has no room, until half is free, and counts it', () => {
    const { run, sent, tell } = worklet({ channels: 1, block: 8, most: 16 });
    run(20);
    expect(sent.length).toBe(2);
    tell({ read: 4 });
    run(2);
    expect(sent.length).toBe(2);
    tell({ read: 4 });
    run(2);
    expect(values(sent[2])).toEqual([88, 1088, Array.from({ length: 8 }, (_, k) => 1088 + k)]);
    run(10);
    expect(sent.length).toBe(3);
  });

  it('counts what the browser skipped, and what was lost before', () => {
    const { run, sent, skip, tell } = worklet({ channels: 1, block: 8, most: 100 });
    run(1);
    skip(40);
    run(3);
    expect(sent.map(values)).toEqual([
      [0, 1000, [1000, 1001, 1002, 1003]],
      [44, 1044, Array.from({ length: 8 }, (_, k) => 1044 + k)],
    ]);
    tell({ lost: 100 });
    run(2);
    // A number that comes twice is none.
    skip(-4);
    run(1);
    skip(4);
    run(1);
    expect(sent.length).toBe(5);
    expect(sent[4]).toEqual(jasmine.objectContaining({ at: 164, frame: 1064 }));
    expect(sent.slice(2, 4).map(values)).toEqual([
      [52, 1052, [1052, 1053, 1054, 1055]],
      [156, 1056, Array.from({ length: 8 }, (_, k) => 1056 + k)],
    ]);
  });

  it('hears silence where nothing comes, takes quanta of other lengths, flushes and ends', () => {
    const { run, sent, tell } = worklet({ channels: 2, block: 8, most: 100 });
    run(1, 6, 0);
    run(1, 6, 1);
    expect(sent.map(values)).toEqual([[0, 1000, [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]]);
    tell({ flush: true });
    expect(sent.slice(1).map(values)).toEqual([
      [6, 1006, [1006, 1007, 1008, 1009, 1010, 1011], [0, 0, 0, 0, 0, 0]],
      null,
    ]);
    expect(run(1)).toBeTrue();
    tell({ stop: true });
    expect(run(1)).toBeFalse();
  });
});

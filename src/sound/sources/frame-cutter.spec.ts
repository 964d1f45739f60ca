import fc from 'fast-check';
import { frameCutter } from './frame-cutter';

describe('frameCutter', () => {
  it('gives the frames of the whole, however its pieces are cut', () => {
    const pieces = fc.array(fc.nat(9), { maxLength: 20 });
    fc.assert(
      fc.property(
        pieces,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 12 }),
        (lengths, frame, hop) => {
          const total = lengths.reduce((a, b) => a + b, 0);
          const whole = Array.from({ length: total }, (_, i) => i + 1);
          const cutter = frameCutter(frame, hop);
          const found: number[][][] = [];
          const note = (channels: Float32Array[] | null): boolean => {
            if (channels) found.push(channels.map((samples) => [...samples]));
            return channels !== null;
          };
          let at = 0;
          for (const length of lengths) {
            const samples = Float32Array.from(whole.slice(at, (at += length)));
            cutter.push([samples, samples.map((v) => -v)]);
            // What is not taken at once is not lost.
            if (length % 2 === 0) while (note(cutter.take()));
          }
          while (note(cutter.take()));
          while (note(cutter.rest()));
          const wanted: number[][][] = [];
          for (let start = 0; start < total; start += hop) {
            const part = whole.slice(start, start + frame);
            wanted.push([part, part.map((v) => -v)]);
          }
          expect(found).toEqual(wanted);
        },
      ),
      { seed: 20 },
    );
  });
});

import * as dl from 'rxtensor';
import { assertShareable, differenceOf, layoutOf } from './layout';
import { withRandomOf } from './member-random';
import { partOf, rowsIn, rowsOf } from './part-of-batch';
import { Witness, usualPatience } from './patience';

describe('A layout', () => {
  let variables: dl.Variable[];
  beforeEach(() => {
    variables = dl.tidy(() => [
      dl.variable(dl.zeros([2, 3]), true, 'a'),
      dl.variable(dl.zeros([3]), true, 'b'),
    ]);
  });
  afterEach(() => dl.dispose(variables));

  it('differs when a name, a shape, the order or a setting does', () => {
    const [a, b] = variables as [dl.Variable, dl.Variable];
    const hashes = [
      layoutOf([a, b], [], { seed: 0 }),
      layoutOf([b, a], [], { seed: 0 }),
      layoutOf([a], [b], { seed: 0 }),
      layoutOf([a, b], [], { seed: 1 }),
      layoutOf([a], [], { seed: 0 }),
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(layoutOf([a, b], [], { seed: 0 }).segments).toEqual([
      { name: 'a', shape: [2, 3], size: 6 },
      { name: 'b', shape: [3], size: 3 },
    ]);
  });

  it('names the first difference', () => {
    const [a, b] = variables as [dl.Variable, dl.Variable];
    const difference = differenceOf(layoutOf([a, b], [], {}).text, layoutOf([a], [], {}).text);
    expect(difference).toContain('nothing more here');
    expect(difference).toContain('of shape [3]');
  });

  it('needs names that are the same in every process, and float32', () => {
    const unnamed = dl.tidy(() => dl.variable(dl.scalar(0)));
    const whole = dl.tidy(() => dl.variable(dl.scalar(0, 'int32'), false, 'whole'));
    expect(() => assertShareable('dataParallel', 'variables', [unnamed])).toThrowError(/made up/);
    expect(() => assertShareable('dataParallel', 'variables', [whole])).toThrowError(/int32/);
    expect(() => assertShareable('dataParallel', 'variables', [variables[0]!, variables[0]!])).toThrowError(
      /twice/,
    );
    dl.dispose([unnamed, whole]);
  });
});

describe('Parts of a batch', () => {
  it('are contiguous, whole together, and as even as possible', () => {
    for (const [rows, members] of [
      [8, 4],
      [7, 3],
      [2, 4],
      [1, 1],
      [100, 7],
    ] as const) {
      const parts = Array.from({ length: members }, (_, rank) => rowsOf(rows, members, rank));
      expect(parts[0]!.from).toBe(0);
      expect(parts.at(-1).to).toBe(rows);
      parts.slice(1).forEach(({ from }, i) => expect(from).toBe(parts[i]!.to));
      const sizes = parts.map(({ from, to }) => to - from);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  it('take rows of every tensor', () => {
    dl.tidy(() => {
      const batch = {
        xs: dl.tensor2d([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
        ys: dl.tensor1d([7, 8, 9], 'int32'),
        note: 'x',
      };
      expect(rowsIn('trainStep', batch)).toBe(3);
      const part = partOf(batch, { from: 1, to: 3 });
      expect([...part.xs.dataSync()]).toEqual([3, 4, 5, 6]);
      expect([...part.ys.dataSync()]).toEqual([8, 9]);
      expect(part.note).toBe('x');
    });
  });

  it('need tensors with as many rows', () => {
    dl.tidy(() => {
      expect(() => rowsIn('trainStep', { x: 1 })).toThrowError(/no tensor/);
      expect(() => rowsIn('trainStep', [dl.zeros([2]), dl.zeros([3])])).toThrowError(/\[2\] and \[3\]/);
      expect(() => rowsIn('trainStep', dl.scalar(1))).toThrowError(/rows/);
    });
  });
});

describe('withRandomOf', () => {
  it('draws the same for a step and a member, and leaves the global sequence alone', () => {
    const drawn = (step: number, rank: number): number =>
      withRandomOf(5, step, rank, () => dl.tidy(() => dl.randomUniform([1]).dataSync()[0]!));
    const before = dl.getRandomState();
    expect(drawn(3, 1)).toBe(drawn(3, 1));
    expect(new Set([drawn(3, 1), drawn(3, 0), drawn(4, 1)]).size).toBe(3);
    expect(dl.getRandomState()).toEqual(before);
  });
});

describe('A witness', () => {
  it('gives up a member whose process is gone at the second sign, and one that is silent after a while', () => {
    let now = 0;
    const witness = new Witness(usualPatience, () => now);
    expect(witness.judge('a', 'nobody')).toBe('there');
    expect(witness.judge('a', 'nobody')).toBe('gone');
    expect(witness.judge('b', 'silence')).toBe('there');
    now = usualPatience.hang - 1;
    expect(witness.judge('b', 'silence')).toBe('there');
    expect(witness.judge('b', 'answer')).toBe('there');
    now += 10;
    expect(witness.judge('b', 'silence')).toBe('there');
    now += usualPatience.hang;
    expect(witness.judge('b', 'silence')).toBe('gone');
  });

  it('waits longer for members of a run whose steps are long, and for all after a restart of the server', () => {
    let now = 0;
    const witness = new Witness(usualPatience, () => now);
    witness.noteStep(1000);
    witness.judge('a', 'silence');
    now = 9000;
    expect(witness.judge('a', 'silence')).toBe('there');
    witness.noteReconnected();
    witness.judge('b', 'nobody');
    expect(witness.judge('b', 'nobody')).toBe('there');
    now += usualPatience.reconnect;
    witness.judge('b', 'nobody');
    expect(witness.judge('b', 'nobody')).toBe('gone');
  });

  it('gives up a member that answers but never sends what is asked for', () => {
    let now = 0;
    const witness = new Witness(usualPatience, () => now);
    witness.judge('a', 'answer', true);
    now = usualPatience.useless;
    expect(witness.judge('a', 'answer', true)).toBe('gone');
    witness.noteReconnected();
    expect(witness.judge('a', 'answer', true)).toBe('there');
  });
});

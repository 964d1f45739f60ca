import { prepared, type Case, type PeerName } from './case';

/** What an op costs beside its arithmetic: a scalar addition in a tidy. What is asked for is 1.5 µs, whatever peers take. */
function scalarAdd(peer: PeerName): Case {
  return {
    name: 'tidy and add of two scalars (must: 1.5 µs)',
    peer,
    must: 1,
    aim: 2,
    limitMs: 0.0015,
    prepare: (lib) => {
      const [a, b] = [lib.scalar(1), lib.scalar(2)];
      return prepared(() => lib.tidy(() => lib.add(a, b)));
    },
  };
}

export const dispatch: readonly Case[] = [
  scalarAdd('tfjs-cpu'),
  scalarAdd('tfjs-wasm'),
  scalarAdd('deeplearn'),
];

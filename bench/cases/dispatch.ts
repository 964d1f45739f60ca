import { prepared, type Case, type PeerName } from './case';

/** What an op costs beside its arithmetic: a scalar addition in a tidy. */
function scalarAdd(peer: PeerName, must: number, aim: number): Case {
  return {
    name: `tidy and add of two scalars`,
    peer,
    must,
    aim,
    prepare: (lib) => {
      const [a, b] = [lib.scalar(1), lib.scalar(2)];
      return prepared(() => lib.tidy(() => lib.add(a, b)));
    },
  };
}

// The bound of 1.5 µs is half or less of what TensorFlow.js takes.
export const dispatch: readonly Case[] = [
  scalarAdd('tfjs-cpu', 1.7, 2),
  scalarAdd('tfjs-wasm', 2.9, 4),
  scalarAdd('deeplearn', 1, 2),
];

import type { NatsConnection } from '@nats-io/nats-core';
import { getRandomState } from 'rxtensor';
import { Membership } from '../../src/nats/training/membership';
import type { Patience } from '../../src/nats/training/patience';

/** A member whose state is one number, to which each step adds the mean of what the members give. */
export interface Toy {
  readonly name: string;
  readonly membership: Membership;
  readonly connection: NatsConnection;
  /** The state after each step that it took. */
  readonly states: Map<number, number>;
  readonly value: () => number;
  /** Takes steps up to a number. */
  readonly run: (steps: number) => Promise<void>;
}

export interface ToyOptions {
  readonly connection: NatsConnection;
  readonly run: string;
  readonly name: string;
  readonly size: number;
  readonly patience: Patience;
  /** What members must have alike. */
  readonly text?: string;
  readonly arithmetic?: string;
  /** What this member adds wrongly in each step. */
  readonly error?: number;
  /** What its state waits for before it is handed to others. */
  readonly handover?: () => Promise<void>;
}

/** The elements of the vector that toys exchange. */
export const TOY_LENGTH = 1000;

export function toyMember({
  text = 'toys',
  arithmetic = 'exact',
  error = 0,
  handover = () => Promise.resolve(),
  connection,
  name,
  ...options
}: ToyOptions): Toy {
  let value = 0;
  const states = new Map<number, number>();
  const membership = new Membership({
    ...{ ...options, connection, name, mostStateBytes: 1 << 20, arithmetic: () => arithmetic },
    layout: { segments: [], text, hash: text.length },
    state: {
      snapshot: () =>
        handover().then(() => ({
          header: {
            ...{ position: 0, length: null, random: getRandomState(), optimizers: [] },
            variables: [{ name: 'value', shape: [1], dtype: 'float32' }],
          },
          values: [Float32Array.of(value)],
        })),
      restore: ({ values }) => {
        value = values[0]![0]!;
      },
    },
  });
  return {
    ...{ name, membership, connection, states },
    value: () => value,
    run: async (steps) => {
      for (let step = membership.step; step < steps; step++) {
        let mean: Float32Array | null = null;
        while (!mean && (await membership.ready(step)) === 'go')
          mean = await membership.average(new Float32Array(TOY_LENGTH).fill(step + membership.rank), 1);
        if (!mean) continue;
        expect(new Set(mean).size).toBe(1);
        value += mean[0]! + error;
        states.set(step, value);
        membership.advance();
      }
    },
  };
}

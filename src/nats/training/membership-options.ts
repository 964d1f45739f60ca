import type { NatsConnection } from '@nats-io/nats-core';
import type { Layout } from './layout';
import type { Patience } from './patience';
import type { SharedState } from './state-transfer';

/** What a membership is made of. */
export interface MembershipOptions {
  readonly connection: NatsConnection;
  readonly run: string;
  readonly name: string;
  /** How many members begin the run. */
  readonly size: number;
  readonly layout: Layout;
  /** No snapshot is larger. */
  readonly mostStateBytes: number;
  readonly patience: Patience;
  /** How this member computes: members with the same text compute the same bits. */
  readonly arithmetic: () => string;
  readonly state: SharedState;
}

/** Numbers of a membership, for people. */
export interface Traffic {
  /** The bytes of gradients and sums that this member has sent. */
  readonly sent: number;
  /** Those that it has received. */
  readonly received: number;
  /** How many messages were refused. */
  readonly refused: number;
  /** Why the last message was refused; null if none was. */
  readonly lastRefusal: string | null;
}

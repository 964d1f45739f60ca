/**
 * Answers the discovery of NATS's service protocol (ADR-32): `$SRV.PING`, `$SRV.INFO` and `$SRV.STATS`, for all services, those of a name, and one instance.
 *
 * The official library, `@nats-io/services`, is not used: it is published as a preview only, brings another copy of the client's core, and measures the time that its
 * handler takes to return, which is none here: a request waits for others, and is answered with its batch.
 */
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import type { ServiceStatistics } from './statistics';

/** An instance, as it is described to tools. */
export interface Instance {
  readonly name: string;
  readonly id: string;
  readonly version: string;
  readonly description: string;
  readonly started: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly endpoints: readonly { readonly name: string; readonly subject: string; readonly queue: string }[];
  readonly statistics: () => ServiceStatistics;
}

const NANOSECONDS = 1e9;
const verbs = ['PING', 'INFO', 'STATS'] as const;
type Verb = (typeof verbs)[number];

function answer(verb: Verb, instance: Instance): object {
  const { name, id, version, description, started, metadata, endpoints } = instance;
  const common = { type: `io.nats.micro.v1.${verb.toLowerCase()}_response`, name, id, version, metadata };
  if (verb === 'PING') return common;
  const listed = endpoints.map((each) => ({
    name: each.name,
    subject: each.subject,
    queue_group: each.queue,
  }));
  if (verb === 'INFO') return { ...common, description, endpoints: listed };
  const { requests, errors, lastError, seconds, ...data } = instance.statistics();
  const time = Math.round(seconds * NANOSECONDS);
  // One endpoint has the numbers: the others are further subjects of the same service.
  const counted = listed.map((each, i) => ({
    ...each,
    num_requests: i === 0 ? requests : 0,
    num_errors: i === 0 ? errors : 0,
    last_error: i === 0 ? lastError : '',
    processing_time: i === 0 ? time : 0,
    average_processing_time: i === 0 && requests > 0 ? Math.round(time / requests) : 0,
    ...(i === 0 ? { data } : {}),
  }));
  return { ...common, started, endpoints: counted };
}

/** Begins to answer. */
export function discoverable(connection: NatsConnection, instance: Instance): readonly Subscription[] {
  const { name, id } = instance;
  return verbs.flatMap((verb) =>
    [`$SRV.${verb}`, `$SRV.${verb}.${name}`, `$SRV.${verb}.${name}.${id}`].map((subject) =>
      connection.subscribe(subject, {
        callback: (error: Error | null, message: Msg) => {
          if (!error) message.respond(JSON.stringify(answer(verb, instance)));
        },
      }),
    ),
  );
}

/** Durable consumers of streams. The server gives one that exists the settings of whoever comes last, under all others who use it, so they are compared first. */
import {
  AckPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { millis, nanos } from '@nats-io/nats-core';
import { described } from '../../tensor/argument';

/** What subscribers of a consumer have in common. */
export interface DurableSettings {
  readonly durable: string;
  readonly subject: string;
  /** In ms. */
  readonly ackWait: number;
}

/** The consumer, as the server knows it; null where there is none. */
async function existing(
  manager: JetStreamManager,
  stream: string,
  durable: string,
): Promise<ConsumerConfig | null> {
  try {
    return (await manager.consumers.info(stream, durable)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound) return null;
    throw error;
  }
}

/** How a consumer differs from what is wanted, for people; '' where it does not. */
function differences(
  found: ConsumerConfig,
  { subject, ackWait }: DurableSettings,
  subjects: readonly string[],
): string {
  // A consumer of all subjects of its stream may have no filter.
  const all = subjects.length === 1 ? subjects[0]! : '>';
  const filters = found.filter_subjects ?? [found.filter_subject ?? ''];
  const its = filters.join(', ') || (subject === '>' ? '>' : all);
  const settings: readonly (readonly [name: string, found: unknown, wanted: unknown])[] = [
    ['the subject', its, subject],
    ["'ackWait'", millis(found.ack_wait ?? 0), ackWait],
    ['ack_policy', found.ack_policy, AckPolicy.Explicit],
    ['max_deliver', found.max_deliver ?? -1, -1],
    ['deliver_subject', found.deliver_subject ?? 'none', 'none'],
  ];
  return settings
    .filter(([, there, here]) => there !== here)
    .map(([name, there, here]) => `${name} is ${described(there)}, and here ${described(here)}`)
    .join('; ');
}

/** Makes the consumer unless it exists. @throws (rejects) when it exists with other settings */
export async function openDurable(
  caller: string,
  manager: JetStreamManager,
  { config: { name: stream, subjects } }: StreamInfo,
  settings: DurableSettings,
): Promise<void> {
  const { durable, subject, ackWait } = settings;
  const made = async (): Promise<ConsumerConfig> => {
    try {
      const config = {
        durable_name: durable,
        filter_subject: subject,
        ack_policy: AckPolicy.Explicit,
        ack_wait: nanos(ackWait),
        max_deliver: -1,
      };
      return (await manager.consumers.add(stream, config)).config;
    } catch (error) {
      // Somebody else may have made it meanwhile.
      const there = await existing(manager, stream, durable);
      if (!there) throw error;
      return there;
    }
  };
  const found = (await existing(manager, stream, durable)) ?? (await made());
  const different = differences(found, settings, subjects);
  if (different === '') return;
  throw new Error(
    `${caller}: the consumer '${durable}' of the stream '${stream}' exists with other settings: ${different}; wanted the same ones, another 'durable', or ` +
      `jetstreamManager(connection).consumers.delete('${stream}', '${durable}') before`,
  );
}

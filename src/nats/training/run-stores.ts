import type { NatsConnection } from '@nats-io/nats-core';
import { messageOf } from '../refusals';
import { sleep } from './signal';
import { snapshotsIn, type Snapshots } from './snapshots';
import { viewStore, type ViewStore } from './view';

const RETRY_MS = 100;

/** The stores of a run, in JetStream. They are opened when they are first needed, and every call is tried again until the server answers. */
export class RunStores {
  #stores: Promise<{ readonly views: ViewStore; readonly snapshots: Snapshots }> | null = null;
  #wereThere = false;

  /**
   * @param mostStateBytes no snapshot is larger
   * @param isClosed whether the answer interests nobody any more
   */
  constructor(
    private readonly connection: NatsConnection,
    private readonly run: string,
    private readonly mostStateBytes: number,
    private readonly isClosed: () => boolean,
  ) {}

  /** Works with the views. @throws what is not the server's fault; and when the connection was closed */
  views<T>(work: (views: ViewStore) => Promise<T>): Promise<T> {
    return this.#stubbornly(async () => work((await this.#open()).views));
  }

  /** Works with the snapshots. @throws as {@link RunStores.views} */
  snapshots<T>(work: (snapshots: Snapshots) => Promise<T>): Promise<T> {
    return this.#stubbornly(async () => work((await this.#open()).snapshots));
  }

  /** Removes the snapshots of this member, if there can be any. */
  async clear(): Promise<void> {
    if (this.#stores) await (await this.#stores).snapshots.clear();
  }

  async #open(): Promise<{ readonly views: ViewStore; readonly snapshots: Snapshots }> {
    const bucket = `rxtensor_${this.run}`;
    this.#stores ??= Promise.all([
      viewStore(this.connection, bucket),
      snapshotsIn(this.connection, bucket, this.mostStateBytes),
    ]).then(([views, snapshots]) => ({ views, snapshots }));
    try {
      const opened = await this.#stores;
      this.#wereThere = true;
      return opened;
    } catch (error) {
      this.#stores = null;
      throw error;
    }
  }

  async #stubbornly<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isOurs = error instanceof Error && error.message.startsWith('dataParallel: ');
        const cure = cureOf(error, this.#wereThere);
        if (cure)
          throw new Error(
            `dataParallel: the server refuses the stores of run '${this.run}': ${messageOf(error)}; wanted ${cure}`,
            { cause: error },
          );
        if (isOurs || this.connection.isClosed() || this.isClosed()) throw error;
        await sleep(RETRY_MS);
      }
    }
  }
}

/** JetStream is off in the server; or it is for this account. https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const OFF_CODES: readonly unknown[] = [10039, 10076];

/** What helps against an error that does not go away by itself; null for others. @param wereThere whether the stores were there before: then JetStream comes back */
function cureOf(error: unknown, wereThere: boolean): string | null {
  const { name, code, cause, message = '' } = error as Partial<Error> & { readonly code?: unknown };
  if (!wereThere && (OFF_CODES.includes(code) || /jetstream( is)? not enabled/i.test(message)))
    return "a server with JetStream ('nats-server -js'), for this account too";
  if (name === 'PermissionViolationError' || /permissions violation/i.test(message))
    return 'permissions for the subjects of JetStream and of the run, as in docs/nats/run.conf';
  return cause === undefined || cause === error ? null : cureOf(cause, wereThere);
}

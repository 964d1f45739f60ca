import type { NatsConnection } from '@nats-io/nats-core';
import { opener } from '../patient';
import { isNotEnabled } from '../jetstream-errors';
import { messageOf } from '../refusals';
import { sleep } from './signal';
import { snapshotsIn, type Snapshots } from './snapshots';
import { viewStore, type ViewStore } from './view';

const RETRY_MS = 100;
/** How many ms a write of a view is tried again while the server has no room for it: training goes on meanwhile, and another run may end and make room. */
const ROOM_MS = 5000;

/** What the server refuses, and goes on to refuse. */
export class RefusedByServer extends Error {}

/** The stores of a run, in JetStream. They are opened when they are first needed, and every call is tried again until the server answers. */
export class RunStores {
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

  /** Works with the views. @throws what is not the server's fault; when the connection was closed; and a {@link RefusedByServer} when the server has no room for some time */
  views<T>(work: (views: ViewStore) => Promise<T>): Promise<T> {
    return this.#stubbornly(
      async () => work((await this.#open()).views),
      'for a view of its members',
      ROOM_MS,
    );
  }

  /** Works with the snapshots. @throws as {@link RunStores.views}, but at once when the server has no room for one */
  snapshots<T>(work: (snapshots: Snapshots) => Promise<T>): Promise<T> {
    return this.#stubbornly(
      async () => work((await this.#open()).snapshots),
      'for a snapshot of the state',
      0,
    );
  }

  /** Removes the snapshots of this member, if there can be any. */
  async clear(): Promise<void> {
    if (this.#wereThere) await (await this.#open()).snapshots.clear();
  }

  readonly #open = opener(async () => {
    const bucket = `rxtensor_${this.run}`;
    const [views, snapshots] = await Promise.all([
      viewStore(this.connection, bucket),
      snapshotsIn(this.connection, bucket, this.mostStateBytes),
    ]);
    this.#wereThere = true;
    return { views, snapshots };
  });

  /** @param roomFor what needs room in the storage, for messages. @param patience how many ms it waits for room */
  async #stubbornly<T>(work: () => Promise<T>, roomFor: string, patience: number): Promise<T> {
    let fullSince: number | null = null;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isOurs = error instanceof Error && error.message.startsWith('dataParallel: ');
        fullSince = isFull(error) ? (fullSince ?? performance.now()) : null;
        const isOutOfRoom = fullSince !== null && performance.now() - fullSince >= patience;
        const cure = cureOf(error, this.#wereThere) ?? (isOutOfRoom ? roomIn(roomFor) : null);
        if (cure)
          throw new RefusedByServer(
            `dataParallel: the server refuses the stores of run '${this.run}': ${messageOf(error)}; wanted ${cure}`,
            { cause: error },
          );
        if (isOurs || this.connection.isClosed() || this.isClosed()) throw error;
        await sleep(RETRY_MS);
      }
    }
  }
}

/** Whether the server, the account or a bucket is full. */
function isFull(error: unknown): boolean {
  return /maximum bytes|insufficient .*resources|resource limits exceeded/i.test(messageOf(error));
}

const roomIn = (what: string): string =>
  `room ${what} in the storage of JetStream (max_file_store, limits of the account, or max_bytes of the bucket)`;

/** What helps against an error that does not go away by itself; null for others. @param wereThere whether the stores were there before: then JetStream comes back */
function cureOf(error: unknown, wereThere: boolean): string | null {
  const { name, cause, message = '' } = error as Partial<Error>;
  if (!wereThere && isNotEnabled(error))
    return "a server with JetStream ('nats-server -js'), for this account too";
  if (name === 'PermissionViolationError' || /permissions violation/i.test(message))
    return 'permissions for the subjects of JetStream and of the run, as in docs/nats/run.conf';
  return cause === undefined || cause === error ? null : cureOf(cause, wereThere);
}

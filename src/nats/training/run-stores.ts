import type { NatsConnection } from '@nats-io/nats-core';
import { sleep } from './signal';
import { snapshotsIn, type Snapshots } from './snapshots';
import { viewStore, type ViewStore } from './view';

const RETRY_MS = 100;

/** The stores of a run, in JetStream. They are opened when they are first needed, and every call is tried again until the server answers. */
export class RunStores {
  #stores: Promise<{ readonly views: ViewStore; readonly snapshots: Snapshots }> | null = null;

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
      return await this.#stores;
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
        if (isOurs || this.connection.isClosed() || this.isClosed()) throw error;
        await sleep(RETRY_MS);
      }
    }
  }
}

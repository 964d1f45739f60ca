import { BehaviorSubject, type Observable } from 'rxjs';
import { leaveRun } from './joining';
import type { Post } from './post';
import type { RunStores } from './run-stores';
import { viewWithout, type Member, type StoredView, type View } from './view';

const LIVES = 2 ** 32;

/** The newest view that a member knows, and its changes of it. Others change it too: then it is stale until this member looks again. */
export class KnownView {
  readonly view$: Observable<View | null>;
  /** The view that this member follows. */
  readonly #followed = new BehaviorSubject<View | null>(null);
  #stored: StoredView | null = null;
  /** Whether there may be a newer one. */
  isStale = true;
  #life = drawnLife();

  constructor(
    private readonly name: string,
    private readonly arithmetic: () => string,
    private readonly stores: RunStores,
    private readonly post: Pick<Post, 'announceView'>,
  ) {
    this.view$ = this.#followed.asObservable();
  }

  /** This member, as the view lists it. */
  get me(): Member {
    return { name: this.name, life: this.#life, arithmetic: this.arithmetic() };
  }

  get life(): number {
    return this.#life;
  }

  get members(): readonly Member[] {
    return this.#followed.value?.members ?? [];
  }

  /** Whether this member is the last one of a run that misses others. */
  get isLastOfMissed(): boolean {
    return this.#followed.value?.isMissed === true && this.members.length === 1;
  }

  get others(): readonly Member[] {
    return this.members.filter(({ name }) => name !== this.name);
  }

  get rank(): number {
    return this.members.findIndex(this.#isMe);
  }

  get epoch(): number {
    return this.#followed.value?.epoch ?? 0;
  }

  noteNewer(): void {
    this.isStale = true;
  }

  /** This member was written into a view. */
  noteJoined(stored: StoredView): void {
    this.#stored = stored;
    this.isStale = true;
  }

  /** This member has to join again, as another life. */
  noteLeft(): void {
    this.#life = drawnLife();
  }

  /** Reads the view. Null when this member is not in it; otherwise the view that it follows from now on, and whether that is another than before. */
  async look(): Promise<{ readonly view: View; readonly isNew: boolean } | null> {
    const stored = await this.#read();
    if (!stored?.view.members.some(this.#isMe)) return null;
    const isNew =
      stored.view.epoch !== this.#followed.value?.epoch || stored.revision !== this.#stored?.revision;
    this.#stored = stored;
    if (isNew) this.#followed.next(stored.view);
    return { view: stored.view, isNew };
  }

  /** Looks whether the view has changed. */
  async hasChanged(): Promise<boolean> {
    const stored = await this.#read();
    this.isStale ||= stored?.revision !== this.#stored?.revision;
    return this.isStale;
  }

  /** Looks whether others have changed the view, as {@link KnownView.hasChanged}, while this member goes on. */
  async lookForNewer(): Promise<void> {
    const known = this.#stored;
    if (!known) return;
    const stored = await this.stores.views((views) => views.read());
    if (stored?.revision !== known.revision) this.isStale = true;
  }

  /** Writes a view without some members, if nobody has written another meanwhile; either way there is a newer one. */
  async leaveOut(names: readonly string[]): Promise<void> {
    const why = `${names.join(' and ')} did not answer ${this.name}`;
    await this.#replace(({ name }) => names.includes(name), why, { isMissed: true });
    this.post.announceView();
    this.isStale = true;
  }

  /**
   * Leaves the view after so many steps, unless it has changed: somebody who has joined may need the state. Returns whether it left.
   *
   * @param kept the name of the state of the end, where it is kept
   */
  async leaveFinished(finished: number, kept: string | null): Promise<boolean> {
    const end = { finished, ...(kept === null ? {} : { kept }) };
    const hasLeft = await this.#replace(this.#isMe, `${this.name} has finished`, end);
    if (hasLeft) this.post.announceView();
    this.isStale = !hasLeft;
    return hasLeft;
  }

  /** Leaves the view, if this member is in it. */
  leave(why: string): Promise<void> {
    return leaveRun(this.me, why, this.post, this.stores);
  }

  complete(): void {
    this.#followed.complete();
  }

  readonly #isMe = ({ name, life }: Member): boolean => name === this.name && life === this.#life;

  #read(): Promise<StoredView | null> {
    this.isStale = false;
    return this.stores.views((views) => views.read());
  }

  #replace(isGone: (member: Member) => boolean, why: string, changes: Partial<View>): Promise<boolean> {
    const before = this.#stored!;
    const next = { ...viewWithout(before.view, isGone, why), ...changes };
    return this.stores.views((views) => views.replace(next, before));
  }
}

function drawnLife(): number {
  return Math.floor(Math.random() * LIVES);
}

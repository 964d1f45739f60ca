import type { Observable } from 'rxjs';
import { BehaviorSubject } from 'rxjs';
import type { Ask, Standing } from './asks';
import { joinRun, leaveRun, LOOK_MS, stateIsLost } from './joining';
import type { MembershipOptions, Traffic } from './membership-options';
import { Witness } from './patience';
import { openPost, type Post, type Reply } from './post';
import { Rounds } from './rounds';
import { RunStores } from './run-stores';
import { signal, sleep } from './signal';
import { askWhere, isNeeded, sourceOf, standingsOf } from './standings';
import { StateTransfer } from './state-transfer';
import { viewWithout, type Member, type StoredView, type View } from './view';

const LIVES = 2 ** 32;
const NOBODY = { step: Infinity, at: -Infinity };
/** A snapshot is written to the store, and its name told, in this time, or asked for again. */
const STATE_MS = 10_000;

/**
 * A member of a run: who else is in it, at which step they are, and the exchanges with them. There is no leader. Whoever misses another asks it, and
 * writes a view without it if it is gone; the store lets one of those who do so succeed. All who see a new view agree on the step before they go on: those
 * behind take the state of the furthest.
 */
export class Membership {
  readonly view$: Observable<View | null>;
  readonly #view = new BehaviorSubject<View | null>(null);
  readonly #news = signal();
  readonly #witness: Witness;
  readonly #rounds: Rounds;
  readonly #post: Post;
  readonly #name: string;
  readonly #stores: RunStores;
  readonly #transfer: StateTransfer;
  #life = Math.floor(Math.random() * LIVES);
  #stored: StoredView | null = null;
  /** Whether the variables are not those of the run yet. */
  #isBlank = true;
  #hasBegun = false;
  /** Whether this member joined a run that others had begun, and needs their state. */
  #isNewcomer = false;
  #isStale = true;
  #isConnected = true;
  #isClosed = false;
  /** The step of the furthest member when this one last looked, before it joined. */
  #furthest = 0;
  /** The last step that was taken without this member. */
  #skipped = -1;
  #joining: Promise<unknown> = Promise.resolve();
  /** Who wanted to join last, of those at the earliest step: the step of its next batch, and when it asked. */
  #outsider = NOBODY;

  constructor(private readonly options: MembershipOptions) {
    const { connection, run, name, layout, patience, mostStateBytes } = options;
    this.#stores = new RunStores(connection, run, mostStateBytes, () => this.#isClosed);
    this.#transfer = new StateTransfer(run, options.state, this.#stores);
    this.#name = name;
    this.view$ = this.#view.asObservable();
    this.#witness = new Witness(patience, () => performance.now());
    this.#post = openPost(connection, run, name, {
      piece: (bytes, sender) => this.#rounds.receive(bytes, sender),
      ask: (ask, sender) => this.#answer(ask, sender),
      state: () => this.#transfer.offer(`${this.#name}-${this.#life}`, this.step, this.#epoch),
      view: () => this.#noteNewer(),
      connected: (isConnected) => {
        this.#isConnected = isConnected;
        if (isConnected) this.#witness.noteReconnected();
        this.#news.wake();
      },
    });
    this.#rounds = new Rounds(name, layout, () => connection.info?.max_payload ?? 1 << 20, {
      send: this.#post.send,
      noteNewerEpoch: () => this.#noteNewer(),
      wake: this.#news.wake,
    });
  }

  /** The members, once this one is among them. */
  get members(): readonly Member[] {
    return this.#view.value?.members ?? [];
  }

  /** The place of this member among the members. */
  get rank(): number {
    return this.members.findIndex(({ life, name }) => name === this.#name && life === this.#life);
  }

  /** How many steps have been taken. */
  get step(): number {
    return this.#rounds.step;
  }

  get traffic(): Traffic {
    return this.#post.traffic();
  }

  /** Where this member begins when it is not joining a run that has begun. Call it before it joins. */
  startAt(step: number): void {
    this.#rounds.step = step;
  }

  /**
   * Resolves when this member and all others are at one step: 'go' if it is the step wanted, 'skip' if the run is past it already.
   *
   * @throws when the layouts differ, or the connection was closed
   */
  async ready(step: number): Promise<'go' | 'skip'> {
    const found = await this.#arrive(step, false);
    if (found === 'skip') {
      this.#skipped = Math.max(this.#skipped, step);
      this.#news.wake();
    }
    return found;
  }

  /**
   * Call it when no batch comes any more. Resolves when the variables are those of the run after the last batch, or of a later step: a member that skipped
   * batches takes them over.
   *
   * @throws when it skipped batches, and nobody is left that has the state
   */
  async catchUp(): Promise<void> {
    if (this.#skipped >= this.step) await this.#arrive(this.#skipped + 1, true);
  }

  async #arrive(step: number, isDone: boolean): Promise<'go' | 'skip'> {
    while (!this.#isClosed) {
      if (!this.#stored) {
        if ((await this.#join(step, isDone)) === 'skip') return 'skip';
      } else if (this.#isStale) await this.#agree();
      else if (step <= this.step) return step < this.step ? 'skip' : 'go';
      // The furthest member has gone before its state was taken over: this one cannot give its part of an earlier step.
      else await this.#leaveView('is ahead');
    }
    return 'skip';
  }

  /** The mean of all members' vectors for the step; null when the members have changed, or have to agree anew. */
  async average(vector: Float32Array, weight: number): Promise<Float32Array | null> {
    const { silence } = this.options.patience;
    const round = this.#rounds.begin(vector, weight);
    const began = performance.now();
    while (!this.#isClosed) {
      if (this.#isStale && (await this.#hasChanged())) return null;
      if (round.isComplete) break;
      const before = performance.now();
      if (await this.#news.wait(this.#witness.isAnyoneAbsent ? LOOK_MS : silence)) continue;
      // This process itself was stopped for a while: it can blame nobody for silence.
      if (performance.now() - before > 2 * silence) this.#witness.reset();
      if (!this.#isConnected || (await this.#askMissing(round))) continue;
      return null;
    }
    // Whoever has slept may have been left out meanwhile, and must not apply what it has.
    if (performance.now() - began > silence && (await this.#hasChanged())) return null;
    return this.#isClosed ? null : round.mean;
  }

  /** The step has been taken. @param milliseconds how long this member was at work on it */
  advance(milliseconds: number): void {
    this.#rounds.step++;
    this.#news.wake();
    this.#witness.noteStep(milliseconds);
    this.#witness.reset();
  }

  /** Resolves when the step has been taken, here or without this member, or this member has left. */
  async taken(step: number): Promise<void> {
    while (!this.#isClosed && this.step <= step && this.#skipped < step)
      await this.#news.wait(this.options.patience.silence);
  }

  /** Takes over the state of the first member if that computes otherwise than this one. */
  async followFirst(): Promise<void> {
    const [first] = this.members;
    if (!first || first.arithmetic === this.options.arithmetic()) return;
    while (!this.#isStale && !this.#isClosed) if (await this.#takeState(first.name, this.step)) return;
  }

  /** Resolves when no other member, and nobody who is about to join, needs anything of this one's steps, and it has left the view. */
  async finish(): Promise<void> {
    while (!this.#isClosed && this.#stored) {
      if (this.#isStale) {
        await this.#agree();
        continue;
      }
      const needed = await isNeeded(this.#others, askWhere(this.#life, this.#epoch), this.step, {
        ask: this.#ask,
        judge: (name, { kind }) => this.#witness.judge(name, kind),
      });
      if (needed || this.#isAwaited()) await sleep(LOOK_MS);
      else if (await this.#leaveFinished()) break;
    }
    await this.close('has finished');
  }

  /** Whether somebody has just asked who can join at the present step, or skips batches towards it. */
  #isAwaited(): boolean {
    const { at, step } = this.#outsider;
    return step <= this.step && performance.now() - at < this.options.patience.hang;
  }

  /** Leaves the view, unless it has changed: somebody who has joined may need the state. Returns whether it left. */
  async #leaveFinished(): Promise<boolean> {
    const stored = this.#stored!;
    const next = viewWithout(stored.view, ({ life }) => life === this.#life, `${this.#name} has finished`);
    this.#isStale = !(await this.#stores.views((views) => views.replace(next, stored)));
    if (!this.#isStale) this.#post.announceView();
    return !this.#isStale;
  }

  /** Leaves the run. Others go on without this member. */
  async close(why = 'has left'): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#news.wake();
    try {
      // Who is about to be written into the view leaves it afterwards.
      await this.#joining.catch(() => undefined);
      await this.#leaveView(why);
      await this.#stores.clear();
    } catch {
      // Without the server there is nobody to tell; others find out when they ask.
    }
    this.#post.close();
    this.#view.complete();
  }

  get #others(): readonly Member[] {
    return this.members.filter(({ name }) => name !== this.#name);
  }

  readonly #ask = (name: string, ask: Ask): Promise<Reply<Standing>> =>
    this.#post.ask(name, ask, this.options.patience.answer);

  get #epoch(): number {
    return this.#view.value?.epoch ?? 0;
  }

  #noteNewer(): void {
    this.#isStale = true;
    this.#news.wake();
  }

  /** Looks whether the view has changed. */
  async #hasChanged(): Promise<boolean> {
    this.#isStale = false;
    const stored = await this.#stores.views((views) => views.read());
    if (stored?.revision === this.#stored?.revision) return false;
    this.#isStale = true;
    return true;
  }

  /** Asks the members that something is missing of. Returns whether all of them are still there; a view without the others is written otherwise. */
  async #askMissing(round: Parameters<Rounds['missing']>[0]): Promise<boolean> {
    const step = this.step;
    const epoch = this.#epoch;
    const lacking = this.#rounds.missing(round, this.options.patience.silence);
    const verdicts = await Promise.all(
      lacking.map(async ({ name, parts, sums }) => {
        const reply = await this.#ask(name, { life: this.#life, epoch, step, parts, sums });
        if (!this.#isConnected) return 'there';
        return this.#verdictOn(name, reply, true);
      }),
    );
    const gone = lacking.filter((_, i) => verdicts[i] === 'gone').map(({ name }) => name);
    if (gone.length === 0 || round.isComplete) return true;
    await this.#leaveOut(gone);
    return false;
  }

  #verdictOn(name: string, reply: Reply<Standing>, wantsPieces: boolean): 'there' | 'gone' {
    if (reply.kind !== 'answer') return this.#witness.judge(name, reply.kind, false, this.#isNewcomer);
    const { life, epoch, isReady } = reply.answer;
    if (epoch > this.#epoch) this.#noteNewer();
    if (life !== this.members.find((each) => each.name === name)?.life) return 'gone';
    return this.#witness.judge(name, 'answer', wantsPieces && isReady);
  }

  /** Writes a view without some members, if nobody has written another meanwhile; either way there is a newer one. */
  async #leaveOut(names: readonly string[]): Promise<void> {
    const before = this.#stored!;
    const next = viewWithout(
      before.view,
      ({ name }) => names.includes(name),
      `${names.join(' and ')} did not answer ${this.#name}`,
    );
    await this.#stores.views((views) => views.replace(next, before));
    this.#post.announceView();
    this.#isStale = true;
  }

  async #leaveView(why: string): Promise<void> {
    await leaveRun(this.#me, why, this.#post, this.#stores);
    this.#forgetView();
  }

  /** This member has to join again, as another life. */
  #forgetView(): void {
    this.#stored = null;
    this.#isBlank = true;
    this.#life = Math.floor(Math.random() * LIVES);
  }

  get #me(): Member {
    return { name: this.#name, life: this.#life, arithmetic: this.options.arithmetic() };
  }

  /** Adds this member to the view, or returns 'skip' if the run is past that step. */
  async #join(step: number, isDone: boolean): Promise<'joined' | 'skip'> {
    if (!isDone && (step < this.#furthest || step < this.step)) return 'skip';
    const { run, layout, size, patience } = this.options;
    const joining = joinRun(
      {
        ...{ run, layout, size, step, ownStep: this.step, isDone },
        ...{
          me: this.#me,
          hasBegun: this.#hasBegun,
          answer: patience.answer,
          mayBeAway: () => this.#witness.mayBeAway,
          isClosed: () => this.#isClosed,
        },
      },
      this.#post,
      this.#stores,
    );
    this.#joining = joining;
    const joined = await joining;
    if (joined.kind === 'behind') this.#furthest = joined.furthest;
    if (joined.kind !== 'joined') return 'skip';
    this.#stored = joined.stored;
    this.#isNewcomer = joined.isLate && !this.#hasBegun;
    this.#isStale = true;
    return 'joined';
  }

  /** Agrees with all members of the newest view on a step, and takes over the state of the furthest if this one is behind. */
  async #agree(): Promise<void> {
    this.#isStale = false;
    const stored = await this.#stores.views((views) => views.read());
    const isIn = stored?.view.members.some(({ name, life }) => name === this.#name && life === this.#life);
    if (!isIn) {
      this.#forgetView();
      return;
    }
    if (stored!.view.epoch !== this.#view.value?.epoch || stored!.revision !== this.#stored?.revision) {
      this.#stored = stored;
      this.#view.next(stored!.view);
      this.#witness.reset();
      this.#rounds.adopt(stored!.view, this.#life);
      this.#outsider = NOBODY;
    }
    const { view } = stored!;
    if (!view.isBegun) {
      await this.#news.wait(4 * LOOK_MS);
      this.#isStale = true;
      return;
    }
    this.#hasBegun = true;
    const isOver = (): boolean => this.#isStale || this.#isClosed;
    const { standings, gone } = await standingsOf(this.#others, this.#life, view.epoch, {
      ask: this.#ask,
      judge: (name, reply) => (this.#isConnected ? this.#verdictOn(name, reply, false) : 'there'),
      isOver,
      wait: (milliseconds) => this.#news.wait(milliseconds),
    });
    if (isOver()) return;
    if (gone.length > 0) {
      await this.#leaveOut(gone);
      return;
    }
    const { step } = this;
    const own = { ...{ life: this.#life, epoch: view.epoch, step }, isBlank: this.#isBlank, isReady: false };
    const all = view.members.map(({ name }) => standings.get(name) ?? own);
    const source = sourceOf(all, own, this.#isNewcomer);
    if (source === 'lost') throw stateIsLost(this.options.run, 'this one joined later');
    if (source === 'wait') await this.#news.wait(LOOK_MS);
    if (source === 'wait' || (source !== 'own' && !(await this.#takeState(view.members[source]!.name)))) {
      this.#isStale = true;
      return;
    }
    this.#isBlank = false;
    this.#isNewcomer = false;
    this.#rounds.settle();
  }

  /** Takes over the state of another member, of a certain step if one is given. Returns whether it did. */
  async #takeState(from: string, wanted: number | null = null): Promise<boolean> {
    let isTaken = false;
    const gone = this.#whenGone(from, () => isTaken);
    const step = await this.#transfer.take(this.#post, from, this.#epoch, wanted, STATE_MS, gone);
    isTaken = true;
    if (step === null) {
      await sleep(LOOK_MS);
      return false;
    }
    this.#rounds.step = step;
    return true;
  }

  /** Resolves when another member is gone: asked now and then, until `isOver`. */
  async #whenGone(name: string, isOver: () => boolean): Promise<void> {
    const ask = askWhere(this.#life, this.#epoch);
    while (!isOver() && !this.#isClosed) {
      await sleep(this.options.patience.silence);
      if (!isOver() && this.#verdictOn(name, await this.#ask(name, ask), false) === 'gone') return;
    }
  }

  #answer({ life, epoch, step, parts, sums }: Ask, sender: string): Standing | null {
    if (sender === this.#name && life === this.#life) return null;
    if (epoch > this.#epoch && this.#stored) this.#noteNewer();
    const isMember = this.members.some(({ name }) => name === sender);
    if (!isMember && step !== null && (step <= this.#outsider.step || !this.#isAwaited()))
      this.#outsider = { step, at: performance.now() };
    const isReady =
      step !== null && epoch === this.#epoch && isMember && this.#rounds.sendAgain(step, sender, parts, sums);
    return { life: this.#life, epoch: this.#epoch, step: this.step, isBlank: this.#isBlank, isReady };
  }
}

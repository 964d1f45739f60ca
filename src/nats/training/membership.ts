import type { Observable } from 'rxjs';
import { mostMessage } from '../connection';
import { Applicants } from './applicants';
import type { Ask, Standing } from './asks';
import { BatchRows } from './batch-rows';
import { exchange } from './exchange';
import { joinRun, LOOK_MS, stateIsLost } from './joining';
import { KnownView } from './known-view';
import { hasHadState, isInView, stateAfter, type MemberEvent, type MemberState } from './member-state';
import type { MembershipOptions, Traffic } from './membership-options';
import { openPost, type Post } from './post';
import { Questions } from './questions';
import { Rounds } from './rounds';
import { RunStores } from './run-stores';
import { signal, sleep } from './signal';
import { sourceOf } from './standings';
import { StateTransfer } from './state-transfer';
import type { Member, View } from './view';

/**
 * A member of a run: who else is in it, at which step they are, and the exchanges with them. There is no leader. Whoever misses another asks it, and
 * writes a view without it if it is gone; the store lets one of those who do so succeed. All who see a new view agree on the step before they go on: those
 * behind take the state of the furthest.
 */
export class Membership {
  readonly view$: Observable<View | null>;
  readonly #news = signal();
  readonly #rounds: Rounds;
  readonly #post: Post;
  readonly #stores: RunStores;
  readonly #view: KnownView;
  readonly #questions: Questions;
  readonly #transfer: StateTransfer;
  readonly #applicants: Applicants;
  readonly #batches = new BatchRows();
  #state: MemberState = 'outside';
  /** How many steps others are known to have taken. */
  #othersSteps = 0;
  /** When this member took its last step, or agreed with the others, in ms. */
  #since = 0;
  #isClosed = false;
  #closing: Promise<void> | null = null;
  #joining: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: MembershipOptions) {
    const { connection, run, name, layout, patience, mostStateBytes, arithmetic } = options;
    this.#stores = new RunStores(connection, run, mostStateBytes, () => this.#isClosed);
    this.#transfer = new StateTransfer(run, options.state, this.#stores);
    this.#applicants = new Applicants(patience.hang, () => performance.now());
    this.#post = openPost(connection, run, name, {
      piece: (bytes, sender) => this.#rounds.receive(bytes, sender),
      ask: (ask, sender) => this.#answer(ask, sender),
      state: () => this.#transfer.offer(`${name}-${this.#view.life}`, this.step, this.#view.epoch),
      view: () => this.#noteNewer(),
      connected: (isConnected) => {
        this.#questions.noteConnected(isConnected);
        this.#news.wake();
        // What was announced meanwhile is lost. Steps go on while the server, which may have just started, gives the view.
        if (isConnected) this.#view.lookForNewer().then(this.#news.wake, () => undefined);
      },
    });
    this.#view = new KnownView(name, arithmetic, this.#stores, this.#post);
    this.view$ = this.#view.view$;
    this.#questions = new Questions(patience, this.#post, this.#view, {
      needsState: () => this.#state === 'newcomer',
      isOver: this.#isOver,
      noteNewer: () => this.#noteNewer(),
      wait: this.#news.wait,
    });
    this.#rounds = new Rounds(name, layout, () => mostMessage(connection), {
      send: this.#post.send,
      noteNewer: () => this.#noteNewer(),
      wake: this.#news.wake,
    });
  }

  /** The members, once this one is among them. */
  get members(): readonly Member[] {
    return this.#view.members;
  }

  /** The place of this member among the members. */
  get rank(): number {
    return this.#view.rank;
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
   * @param rows of the batch; null if each member has batches of its own, or they were told before
   * @throws when the layouts or the rows differ, or the connection was closed
   */
  async ready(step: number, rows: number | null = null): Promise<'go' | 'skip'> {
    this.#batches.note(step, rows);
    const found = await this.#arrive(step, false);
    if (found === 'skip') {
      this.#othersSteps = Math.max(this.#othersSteps, step + 1);
      this.#news.wake();
    }
    return found;
  }

  /** Resolves, when no batch comes any more, with the variables of the run after the last one. @throws when it skipped batches, and nobody is left that has the state */
  async catchUp(): Promise<void> {
    if (this.#batches.count > this.step) await this.#arrive(this.#batches.count, true);
  }

  async #arrive(step: number, isDone: boolean): Promise<'go' | 'skip'> {
    while (!this.#isClosed) {
      if (!isInView(this.#state)) {
        if ((await this.#join(step, isDone)) === 'skip') return 'skip';
      } else if (this.#view.isStale) await this.#agree();
      else if (step <= this.step) return step < this.step ? 'skip' : 'go';
      // The furthest member has gone before its state was taken over: this one cannot give its part of an earlier step.
      else await this.#leave('is ahead');
    }
    return 'skip';
  }

  /** The mean of all members' vectors; null when they have changed, or have to agree anew. @param milliseconds that this member was at work: others may be too */
  average(vector: Float32Array, weight: number, milliseconds = 0): Promise<Float32Array | null> {
    this.#questions.witness.noteStep(milliseconds);
    return exchange(vector, weight, {
      ...{ rounds: this.#rounds, view: this.#view, questions: this.#questions, news: this.#news },
      ...{ isClosed: () => this.#isClosed, silence: this.options.patience.silence, since: this.#since },
    });
  }

  /** The step has been taken. */
  advance(): void {
    this.#rounds.step++;
    this.#news.wake();
    this.#questions.witness.reset();
    this.#since = performance.now();
  }

  /** Resolves when the step has been taken, here or without this member, or this member has left. */
  async taken(step: number): Promise<void> {
    while (!this.#isClosed && Math.max(this.step, this.#othersSteps) <= step)
      await this.#news.wait(this.options.patience.silence);
  }

  /** Takes over the state of the first member if that computes otherwise than this one. */
  async followFirst(): Promise<void> {
    const [first] = this.members;
    if (!first || first.arithmetic === this.options.arithmetic()) return;
    while (!this.#isOver()) {
      if (await this.#takeState(first.name, this.step)) return;
      // The exchange that comes now leaves it out.
      if (await this.#questions.isGone(first.name)) return;
    }
  }

  /** Resolves when no other member, and nobody who is about to join, needs anything of this one's steps, and it has left the view. */
  async finish(): Promise<void> {
    while (!this.#isClosed && isInView(this.#state)) {
      if (this.#view.isStale) {
        await this.#agree();
        continue;
      }
      const needed = await this.#questions.isAnyoneBehind(this.step);
      if (needed || this.#applicants.isAnyoneFor(this.step)) await sleep(LOOK_MS);
      else if (await this.#view.leaveFinished(this.step, await this.#keepEnd())) break;
    }
    await this.close('has finished');
  }

  /** Leaves the run. Others go on without this member. Resolves when it has left, however often it is called. */
  close(why = 'has left'): Promise<void> {
    this.#isClosed = true;
    return (this.#closing ??= this.#close(why));
  }

  async #close(why: string): Promise<void> {
    this.#news.wake();
    try {
      // Who is about to be written into the view leaves it afterwards.
      await this.#joining.catch(() => undefined);
      await this.#leave(why);
      await this.#stores.clear();
    } catch {
      // Without the server there is nobody to tell; others find out when they ask.
    }
    this.#post.close();
    this.#view.complete();
  }

  readonly #isOver = (): boolean => this.#view.isStale || this.#isClosed;

  #noteNewer(): void {
    this.#view.noteNewer();
    this.#news.wake();
  }

  #happens(event: MemberEvent): void {
    this.#state = stateAfter(this.#state, event);
    if (event === 'left') this.#view.noteLeft();
  }

  async #leave(why: string): Promise<void> {
    await this.#view.leave(why);
    this.#happens('left');
  }

  /** Adds this member to the view, or returns 'skip' if the run is past that step. */
  async #join(step: number, isDone: boolean): Promise<'joined' | 'skip'> {
    if (!isDone && step < Math.max(this.step, this.#othersSteps)) return 'skip';
    const joining = joinRun(
      {
        ...this.options,
        ...{ step, ownStep: this.step, isDone, me: this.#view.me, hasHadState: hasHadState(this.#state) },
        mayBeAway: () => this.#questions.witness.mayBeAway,
        isClosed: () => this.#isClosed,
      },
      this.#post,
      this.#stores,
    );
    this.#joining = joining;
    const joined = await joining;
    if (joined.kind === 'behind') this.#othersSteps = joined.furthest;
    if (joined.kind === 'finished')
      return (await this.#takeEnd(joined)) && isDone ? 'skip' : this.#join(step, isDone);
    if (joined.kind !== 'joined') return 'skip';
    this.#view.noteJoined(joined.stored);
    this.#happens(joined.hadBegun ? 'joined late' : 'joined');
    return 'joined';
  }

  /** Agrees with all members of the newest view on a step, and takes over the state of the furthest if this one is behind. */
  async #agree(): Promise<void> {
    const found = await this.#view.look();
    if (!found) {
      this.#happens('left');
      return;
    }
    const { view, isNew } = found;
    if (isNew) {
      this.#questions.witness.reset();
      this.#rounds.adopt(view, this.#view.life);
      this.#applicants.forget();
    }
    if (!view.isBegun) {
      await this.#news.wait(4 * LOOK_MS);
      this.#view.noteNewer();
      return;
    }
    const { standings, gone } = await this.#questions.standings(this.#batches.last);
    if (this.#isOver()) return;
    if (gone.length > 0) {
      await this.#view.leaveOut(gone);
      return;
    }
    const own = this.#standing(this.#batches.last, false);
    const all = view.members.map(({ name }) => standings.get(name) ?? own);
    this.#batches.assertAlike(view.members, all, own);
    const source = sourceOf(all, own, this.#state === 'newcomer');
    if (source === 'lost') throw stateIsLost(this.options.run, 'this one joined later');
    if (source === 'wait') await this.#news.wait(LOOK_MS);
    if (source === 'wait' || (source !== 'own' && !(await this.#takeState(view.members[source]!.name))))
      this.#view.noteNewer();
    if (this.#isOver()) return;
    this.#happens('settled');
    this.#rounds.settle();
    this.#since = performance.now();
  }

  /** Takes over the state of another member, of a certain step if one is given. */
  async #takeState(name: string, wanted: number | null = null): Promise<boolean> {
    const { answer } = this.options.patience;
    const giver = { name, epoch: this.#view.epoch, wanted, answer, isOver: this.#isOver };
    const step = await this.#transfer.take(this.#post, giver);
    if (step === null) await sleep(LOOK_MS);
    else this.#rounds.step = step;
    return step !== null;
  }

  /** Keeps the state of the end if members are missed, and nobody else is left who has it. Returns its name; null if it is not kept. */
  async #keepEnd(): Promise<string | null> {
    if (!this.#view.isLastOfMissed) return null;
    const object = `${this.options.name}-${this.#view.life}-end`;
    return (await this.#transfer.keep(object)) ? object : null;
  }

  /** Takes over the state with which the others have finished. Returns false when that was not the end: another goes on from it. @throws when it is not there any more */
  async #takeEnd({ steps, kept }: { readonly steps: number; readonly kept: string }): Promise<boolean> {
    if (await this.#transfer.takeKept(kept, steps)) {
      this.#rounds.step = steps;
      this.#happens('given the end');
      return true;
    }
    const stored = await this.#stores.views((views) => views.read());
    if (stored?.view.kept !== kept) return false;
    throw stateIsLost(
      this.options.run,
      `they finished at step ${steps}, and what they kept is there no more`,
    );
  }

  #standing(step: number | null, isReady: boolean): Standing {
    const { life, epoch } = this.#view;
    const rows = this.#batches.of(step);
    return { life, epoch, step: this.step, isBlank: this.#state !== 'settled', isReady, rows };
  }

  #answer({ life, epoch, step, parts, sums }: Ask, sender: string): Standing | null {
    if (sender === this.options.name && life === this.#view.life) return null;
    if (epoch > this.#view.epoch && isInView(this.#state)) this.#noteNewer();
    const isMember = this.members.some(({ name }) => name === sender);
    if (!isMember && step !== null) this.#applicants.note(step);
    const isReady =
      step !== null &&
      epoch === this.#view.epoch &&
      isMember &&
      this.#rounds.sendAgain(step, sender, parts, sums);
    return this.#standing(step, isReady);
  }
}

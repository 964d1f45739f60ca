import type { Ask, Standing } from './asks';
import type { KnownView } from './known-view';
import { Witness, type Patience, type Verdict } from './patience';
import type { Post, Reply } from './post';
import type { Missing } from './round';
import { askWhere, isNeeded, standingsOf } from './standings';

/** What a member knows of itself when it judges others. */
export interface Asker {
  /** Whether it needs the state of the others: then it waits longer for one that hangs, which may be the last that has it. */
  readonly needsState: () => boolean;
  /** Whether the answers interest nobody any more. */
  readonly isOver: () => boolean;
  /** Another member follows a newer view. */
  readonly noteNewer: () => void;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** The questions of a member to the others, and what it makes of their answers. */
export class Questions {
  readonly witness: Witness;
  /** Whether there is a server to ask. */
  isConnected = true;

  constructor(
    private readonly patience: Patience,
    private readonly post: Post,
    private readonly view: KnownView,
    private readonly asker: Asker,
  ) {
    this.witness = new Witness(patience, () => performance.now());
  }

  noteConnected(isConnected: boolean): void {
    this.isConnected = isConnected;
    if (isConnected) this.witness.noteReconnected();
  }

  /** Where the others stand once they follow the view, and which of them are gone. @param step of this member's next batch, if one comes */
  standings(step: number | null): ReturnType<typeof standingsOf> {
    return standingsOf(this.view.others, askWhere(this.view.life, this.view.epoch, step), {
      ask: this.#ask,
      judge: this.#verdictOn,
      isOver: this.asker.isOver,
      wait: this.asker.wait,
    });
  }

  /** Which of those that something is missing of are gone. They send it again otherwise. */
  async goneAmong(
    lacking: readonly (Missing & { readonly name: string })[],
    step: number,
  ): Promise<readonly string[]> {
    const { life, epoch } = this.view;
    const verdicts = await Promise.all(
      lacking.map(async ({ name, parts, sums }) =>
        this.#verdictOn(name, await this.#ask(name, { life, epoch, step, parts, sums }), true),
      ),
    );
    return lacking.filter((_, i) => verdicts[i] === 'gone').map(({ name }) => name);
  }

  async isGone(name: string): Promise<boolean> {
    const { life, epoch } = this.view;
    return this.#verdictOn(name, await this.#ask(name, askWhere(life, epoch))) === 'gone';
  }

  /** Whether one of the others lacks something of the steps that this member has taken, or may do so. */
  isAnyoneBehind(step: number): Promise<boolean> {
    const { life, epoch, others } = this.view;
    return isNeeded(others, askWhere(life, epoch), step, {
      ask: this.#ask,
      judge: this.#verdictOn,
    });
  }

  readonly #ask = (name: string, ask: Ask): Promise<Reply<Standing>> =>
    this.post.ask(name, ask, this.patience.answer);

  readonly #verdictOn = (name: string, reply: Reply<Standing>, wantsPieces = false): Verdict => {
    // Without a server nobody can answer.
    if (!this.isConnected) return 'there';
    if (reply.kind !== 'answer') return this.witness.judge(name, reply.kind, false, this.asker.needsState());
    const { life, epoch, isReady } = reply.answer;
    if (epoch > this.view.epoch) this.asker.noteNewer();
    if (life !== this.view.members.find((each) => each.name === name)?.life) return 'gone';
    return this.witness.judge(name, 'answer', wantsPieces && isReady);
  };
}

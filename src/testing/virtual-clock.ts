/** Minutes of a stream in a second: a clock that lets promises, and not the whole event loop, have their way between its events. */
import { timer, VirtualTimeScheduler } from 'rxjs';
import { deferred, type Deferred } from './marbles';

/** The longest chain of promises between two events of a stream, and some more. */
const PROMISES = 24;

/** Virtual time in milliseconds: a scheduler for streams, which stands still until it is run. */
export class VirtualTime extends VirtualTimeScheduler {
  /** Resolves when so much of this time has passed. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => timer(milliseconds, this).subscribe(() => resolve()));
  }

  /** Lets time pass; what is due happens in its order, and all that promises do before the next. */
  async run(milliseconds: number): Promise<void> {
    const end = this.frame + milliseconds;
    for (;;) {
      for (let i = 0; i < PROMISES; i++) await Promise.resolve();
      const next = this.actions[0];
      if (!next || next.delay > end) break;
      this.actions.shift();
      this.frame = next.delay;
      next.execute(next.state, next.delay);
    }
    this.frame = end;
  }
}

/** A device in virtual time, which does one piece of work after the other, as a GPU does. */
export class VirtualDevice {
  private freeAt = 0;

  constructor(private readonly time: VirtualTime) {}

  /** Gives it work; resolves when that is done, and all that came before it. */
  work(milliseconds: number): Promise<void> {
    this.freeAt = Math.max(this.freeAt, this.time.now()) + milliseconds;
    const done: Deferred = deferred();
    timer(this.freeAt - this.time.now(), this.time).subscribe(() => done.resolve());
    return done.promise;
  }
}

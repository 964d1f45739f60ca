import type { Preparation } from '../backend';
import { finishLinking, hasLinked, type Linking, type Program } from './program';

/**
 * The programs of a context by their keys. While programs are prepared, draws only start theirs: the driver compiles them in parallel, and
 * nothing waits before a draw needs one.
 */
export class Programs {
  private readonly ready = new Map<string, Program>();
  private readonly started = new Map<string, Linking>();
  /** The programs that draws have asked for while they are prepared; null: draws draw. */
  private wanted: Set<string> | null = null;
  /** Milliseconds that the thread has spent on compiling, waits included. */
  compileMs = 0;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    /** Whether the driver compiles in parallel, and tells when a program is complete. */
    private readonly inParallel: boolean,
  ) {}

  get count(): number {
    return this.ready.size;
  }

  get arePrepared(): boolean {
    return this.wanted !== null;
  }

  /** The program of `key`, which `start` begins to link; null: nothing is to be drawn. */
  of(key: string, start: () => Linking): Program | null {
    const ready = this.ready.get(key);
    if (ready) return this.wanted ? null : ready;
    return this.timed(() => {
      let linking = this.started.get(key);
      if (!linking) this.started.set(key, (linking = start()));
      if (!this.wanted) return this.finish(key, linking);
      this.wanted.add(key);
      return null;
    });
  }

  /**
   * Calls `work`, and waits for the programs that its draws need.
   *
   * @param turn resolves in a later turn of the event loop
   */
  async prepare(work: () => void, turn: () => Promise<void>): Promise<Preparation> {
    const begun = performance.now();
    const outer = this.wanted;
    const wanted = new Set<string>();
    this.wanted = wanted;
    try {
      work();
    } finally {
      this.wanted = outer;
    }
    for (let waiting = [...wanted]; waiting.length > 0;) {
      await turn();
      waiting = this.timed(() => this.finishComplete(waiting));
    }
    return { programs: wanted.size, milliseconds: performance.now() - begun };
  }

  clear(): void {
    this.ready.clear();
    this.started.clear();
  }

  /** Finishes what is complete; where the driver does not tell, the first program. Returns what is left. */
  private finishComplete(keys: readonly string[]): string[] {
    return keys.filter((key, i) => {
      const linking = this.started.get(key);
      // A draw has needed it meanwhile.
      if (!linking) return false;
      if (this.inParallel ? !hasLinked(this.gl, linking) : i > 0) return true;
      this.finish(key, linking);
      return false;
    });
  }

  private finish(key: string, linking: Linking): Program {
    // Comes first: a program that does not link is started anew by the next draw.
    this.started.delete(key);
    const program = finishLinking(this.gl, linking);
    this.ready.set(key, program);
    return program;
  }

  private timed<T>(work: () => T): T {
    const begun = performance.now();
    try {
      return work();
    } finally {
      this.compileMs += performance.now() - begun;
    }
  }
}

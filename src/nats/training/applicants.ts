const NOBODY = { step: Infinity, at: -Infinity };

/** Who has asked to join of late. Of several, the one at the earliest step counts: the others can wait longer. */
export class Applicants {
  #last = NOBODY;

  /** @param waits for so many ms after its question, an applicant is waited for */
  constructor(
    private readonly waits: number,
    private readonly now: () => number,
  ) {}

  /** Somebody wants to join at a step. */
  note(step: number): void {
    if (step <= this.#last.step || !this.#isRecent) this.#last = { step, at: this.now() };
  }

  /** Whether somebody wants to join who can do so at this step, or skips batches towards it. */
  isAnyoneFor(step: number): boolean {
    return this.#last.step <= step && this.#isRecent;
  }

  /** Whoever has joined since is a member. */
  forget(): void {
    this.#last = NOBODY;
  }

  get #isRecent(): boolean {
    return this.now() - this.#last.at < this.waits;
  }
}

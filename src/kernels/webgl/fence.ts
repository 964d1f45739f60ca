interface Waiting {
  readonly fence: WebGLSync;
  readonly resolve: () => void;
}

/**
 * Makes promises that resolve when the device has done its queued work. WebGL has no event for that, so that fences are polled about once
 * a millisecond while any is awaited.
 */
export class FencePoll {
  private readonly waiting: Waiting[] = [];
  private readonly channel = new MessageChannel();
  private isScheduled = false;
  private latest: { readonly work: number; readonly passed: Promise<void> } | null = null;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly isLost: () => boolean,
  ) {
    this.channel.port1.onmessage = () => {
      this.poll();
    };
  }

  /**
   * Resolves when all work queued before the call is done, or the context is lost.
   *
   * @param work the amount of work queued so far; calls with the same amount share a fence
   */
  passed(work: number): Promise<void> {
    if (this.latest?.work !== work) this.latest = { work, passed: this.fence() };
    return this.latest.passed;
  }

  /** As `passed`, with a new fence. It resolves in a later turn of the event loop, or at once if the context is lost. */
  fence(): Promise<void> {
    const { gl } = this;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    // Without a flush, commands and fence may stay in the browser's buffer for ever.
    gl.flush();
    if (!fence) return Promise.resolve();
    let resolve!: () => void;
    const passed = new Promise<void>((onPass) => (resolve = onPass));
    // Outside of the promise: a stack overflow here is thrown, not kept as a rejection that later callers would share.
    this.waiting.push({ fence, resolve });
    if (!this.isScheduled) this.schedule();
    return passed;
  }

  private poll(): void {
    this.isScheduled = false;
    // Fences pass in the order of their creation.
    let first: Waiting | undefined;
    while ((first = this.waiting[0]) && this.hasPassed(first.fence)) {
      this.waiting.shift();
      this.gl.deleteSync(first.fence);
      first.resolve();
    }
    if (this.waiting.length > 0) this.schedule();
  }

  private hasPassed(fence: WebGLSync): boolean {
    const { gl } = this;
    return this.isLost() || gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED;
  }

  /**
   * Polls again in a millisecond. The timer posts a message that polls: a timer set by a chain of timers is delayed to four
   * milliseconds (HTML standard, "timer nesting level"), one set by a message is not. In a hidden page, where timers fire once a second,
   * the message is posted at once.
   */
  private schedule(): void {
    const ask = (): void => {
      this.channel.port2.postMessage(null);
    };
    if (typeof document !== 'undefined' && document.hidden) ask();
    else setTimeout(ask, 1);
    this.isScheduled = true;
  }
}

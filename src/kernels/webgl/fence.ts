interface Waiting {
  readonly fence: WebGLSync;
  readonly resolve: () => void;
}

/**
 * Promises that resolve when the device's queue has come so far. WebGL tells of a fence only when asked, so while any is awaited
 * it is asked about once a millisecond.
 */
export class FencePoll {
  private readonly waiting: Waiting[] = [];
  private readonly channel = new MessageChannel();
  private isScheduled = false;
  private latest: { readonly work: number; readonly passed: Promise<void> } | null = null;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.channel.port1.onmessage = () => {
      this.poll();
    };
  }

  /**
   * Resolves when all that has been queued before the call is done, or the context is lost.
   *
   * @param work how much has been queued: a fence is shared by those who ask while that has not changed
   */
  passed(work: number): Promise<void> {
    if (this.latest?.work !== work) this.latest = { work, passed: this.fence() };
    return this.latest.passed;
  }

  /** The same with a fence of its own, which takes a turn of the event loop at least. */
  fence(): Promise<void> {
    const { gl } = this;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    // Without a flush the commands, and the fence with them, may wait in the browser's buffer for ever.
    gl.flush();
    if (!fence) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting.push({ fence, resolve });
      if (!this.isScheduled) this.schedule();
    });
  }

  private poll(): void {
    this.isScheduled = false;
    // Fences pass in the order in which they were set.
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
    return gl.isContextLost() || gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED;
  }

  /**
   * Asks again in a millisecond, through a timer whose callback only posts a message: a timer set within a chain of timers is
   * delayed by four milliseconds (HTML standard, "timer nesting level"), one set while handling a message is not. Timers of a
   * hidden page fire but once a second; there the message goes out at once.
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

import { contextLost } from '../context-lost';
import { ranOutOfMemory, type TexturePool } from './textures';

/** Whether a context is there, and what proves it. A loss is final: a context that the browser restores has nothing of what it had. */
export class ContextLife {
  #isGone = false;

  /** @param close closes what the context has, and calls {@link end} */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly pool: TexturePool,
    private readonly close: () => void,
  ) {}

  /** Whether the context is lost, or closed, as far as is known. */
  get isGone(): boolean {
    return this.#isGone;
  }

  isLost(): boolean {
    if (this.gl.isContextLost()) this.close();
    return this.#isGone;
  }

  /** Ends the life of the context. Returns false if it has ended before. */
  end(): boolean {
    if (this.#isGone) return false;
    return (this.#isGone = true);
  }

  /** @throws {ContextLostError} without the context */
  check(doing: string): void {
    if (this.isLost()) throw contextLost(doing);
  }

  /** Whether the context is there: `isContextLost` does not tell of a driver that died a moment ago, the state of a framebuffer does. */
  answers(): boolean {
    const { gl } = this;
    if (this.isLost()) return false;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) === gl.FRAMEBUFFER_COMPLETE) return true;
    this.close();
    return false;
  }

  /**
   * Returns what was read.
   *
   * @throws when the read has failed, or a texture has got no memory, which makes all values doubtful: the context is given up. Only when the
   *   memory for the read itself was missing, the values are as good as before
   */
  proven<T>(doing: string, read: T | null): T {
    const hasMemory = this.pool.hasMemory();
    if (read && hasMemory) return read;
    if (hasMemory && ranOutOfMemory(this.gl) && this.answers())
      throw new Error(`webgl: ${doing}: out of memory for a copy of the values; wanted tensors freed before`);
    this.close();
    throw contextLost(doing);
  }
}

/**
 * What draws share in a context. A call that changes nothing takes the page longer than a comparison, so that each setting is remembered, and
 * only what differs is set. Hence nobody else sets any of it. Each setting is forgotten before it changes, and noted after it: the engine's
 * stack may overflow in any call.
 */
export class Bindings {
  /** The texture array that each unit reads. */
  readonly #arrays: (WebGLTexture | null)[] = [];
  /** The size of the viewport, as one number. */
  #size = 0;
  #isBlending = false;

  constructor(readonly gl: WebGL2RenderingContext) {}

  /** Lets shaders read a texture array through a unit. */
  read(texture: WebGLTexture, unit: number): void {
    if (this.#arrays[unit] !== texture) this.edit(texture, unit);
  }

  /** As {@link read}, and makes it the texture array that calls make and fill. */
  edit(texture: WebGLTexture, unit = 0): void {
    const { gl } = this;
    this.#arrays[unit] = null;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
    this.#arrays[unit] = texture;
  }

  /** Makes draws fill this many columns and rows of their targets. */
  setSize({ width, height }: { readonly width: number; readonly height: number }): void {
    const size = width + height / 2 ** 20;
    if (this.#size === size) return;
    this.#size = 0;
    this.gl.viewport(0, 0, width, height);
    this.#size = size;
  }

  /** Sets whether draws add to the values of their targets or overwrite them. */
  setBlending(adds: boolean): void {
    const { gl } = this;
    if (adds) {
      // The calls are made each time.
      this.#isBlending = true;
      gl.blendFunc(gl.ONE, gl.ONE);
      gl.enable(gl.BLEND);
    } else if (this.#isBlending) {
      gl.disable(gl.BLEND);
      this.#isBlending = false;
    }
  }
}

import type { Texture } from './textures';

/** A framebuffer that renders into several textures at once, the first layer of each. */
export interface SharedFramebuffer {
  readonly framebuffer: WebGLFramebuffer;
  readonly textures: readonly Texture[];
}

/** The most shared framebuffers that a texture is the first of: optimizers write new values beside their slots, in textures that take turns. */
const MOST_SHARED = 4;

/** Makes textures the targets of draws and reads: all layers of a single one, or the first layer of each of several. */
export function bindTargets(gl: WebGL2RenderingContext, targets: readonly Texture[]): void {
  const first = targets[0]!;
  if (targets.length > 1) bindShared(gl, targets);
  else if (first.framebuffer === undefined) first.framebuffer = framebufferOfLayers(gl, first);
  else gl.bindFramebuffer(gl.FRAMEBUFFER, first.framebuffer);
}

function bindShared(gl: WebGL2RenderingContext, targets: readonly Texture[]): void {
  const known = (targets[0]!.shared ??= []);
  for (let i = 0; i < known.length; i++) {
    if (!areSame(known[i]!.textures, targets)) continue;
    gl.bindFramebuffer(gl.FRAMEBUFFER, known[i]!.framebuffer);
    return;
  }
  const ofFirst = known.filter(({ textures }) => textures[0] === targets[0]);
  if (ofFirst.length >= MOST_SHARED) forget(gl, ofFirst[0]!);
  const framebuffer = createFramebuffer(gl, targets.length);
  targets.forEach(({ texture }, i) => attach(gl, i, texture, 0));
  const shared: SharedFramebuffer = { framebuffer, textures: [...targets] };
  for (const target of targets) (target.shared ??= []).push(shared);
}

function areSame(a: readonly Texture[], b: readonly Texture[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Deletes the framebuffers that render into a texture: they would keep its memory. */
export function deleteFramebuffers(gl: WebGL2RenderingContext, texture: Texture): void {
  gl.deleteFramebuffer(texture.framebuffer ?? null);
  for (const shared of texture.shared ?? []) forget(gl, shared);
}

function forget(gl: WebGL2RenderingContext, shared: SharedFramebuffer): void {
  for (const texture of shared.textures) texture.shared = texture.shared?.filter((each) => each !== shared);
  gl.deleteFramebuffer(shared.framebuffer);
}

function framebufferOfLayers(
  gl: WebGL2RenderingContext,
  { texture, layout: { layers } }: Texture,
): WebGLFramebuffer {
  const framebuffer = createFramebuffer(gl, layers);
  for (let layer = 0; layer < layers; layer++) attach(gl, layer, texture, layer);
  return framebuffer;
}

function createFramebuffer(gl: WebGL2RenderingContext, attachments: number): WebGLFramebuffer {
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.drawBuffers(Array.from({ length: attachments }, (_, index) => gl.COLOR_ATTACHMENT0 + index));
  return framebuffer;
}

function attach(gl: WebGL2RenderingContext, place: number, texture: WebGLTexture, layer: number): void {
  gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + place, texture, 0, layer);
}

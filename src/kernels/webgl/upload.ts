import type { Bindings } from './bindings';
import { LANES } from './texture-layout';
import type { Texture } from './textures';

/** Copies values from the host into a texture with one layer. Does nothing for `null`. */
export function upload(
  bindings: Bindings,
  { texture, layout, laneType }: Texture,
  values: Float32Array | Int32Array | null,
): void {
  if (!values) return;
  const { width, height } = layout;
  const room = width * height * LANES;
  let padded = values;
  if (values.length < room) {
    padded = laneType === 'float' ? new Float32Array(room) : new Int32Array(room);
    padded.set(values);
  }
  const { gl } = bindings;
  bindings.edit(texture);
  // A picture that was uploaded before may have set it.
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.texSubImage3D(
    gl.TEXTURE_2D_ARRAY,
    0,
    0,
    0,
    0,
    width,
    height,
    1,
    laneType === 'float' ? gl.RGBA : gl.RGBA_INTEGER,
    laneType === 'float' ? gl.FLOAT : gl.INT,
    padded,
  );
}

import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { list } from './glsl';
import { VERTEX_SHADER } from './prelude';
import { setUniforms, startLinking } from './program';
import { bindInputs, gatherOperands, shaderParts } from './shader-source';

/** Draws on the canvas of the context, which no read-back passes. The canvas only grows, since another size means new memory. */
export const paint: Kernel<WebGLBackend, 'paint'> = (backend, [image], _outputs, { map, show }) => {
  const { gl } = backend;
  const { canvas } = gl;
  const [height, width, channels = 1] = image!.shape as [number, number, number?];
  if (canvas.width < width) canvas.width = width;
  if (canvas.height < height) canvas.height = height;
  if (gl.drawingBufferWidth < width || gl.drawingBufferHeight < height) {
    throw new Error(
      `webgl: paint: an image of ${height} × ${width} pixels is too large for a canvas of this device`,
    );
  }
  const operands = gatherOperands(
    backend,
    {
      inputs: { image: image! },
      ints: { width, top: canvas.height - 1 },
      floats: { greatest: image!.dtype === 'float32' ? 1 : 255, ...(map && { map }) },
    },
    { width: 1, here: null, size: image!.size },
  );
  const program = backend.program(`paint ${channels} ${map !== null} ${operands.key}`, () => {
    const body = `
      float value(int i) {
        float v = float(image_at(i)) / greatest;
        return is_nan(v) ? 0.0 : clamp(v, 0.0, 1.0);
      }`;
    const parts = shaderParts(operands, body, 'at');
    const fragment = `${parts.head}
      out highp vec4 colour;
      ${parts.names}
      ${body}
      void main() {
        int i = ((top - int(gl_FragCoord.y)) * width + int(gl_FragCoord.x)) * ${channels};
        ${map ? `float t = value(i); vec3 v = vec3(0.0);${list(7, (k) => `v = v * t + vec3(map${18 - 3 * k}, map${19 - 3 * k}, map${20 - 3 * k});`)}` : `vec3 v = ${channels === 1 ? 'vec3(value(i))' : 'vec3(value(i), value(i + 1), value(i + 2))'};`}
        float a = ${channels === 4 ? 'value(i + 3)' : '1.0'};
        colour = vec4(clamp(v, 0.0, 1.0) * a, a);
      }`;
    return startLinking(gl, 'paint', { vertex: VERTEX_SHADER, fragment }, parts);
  });
  if (!program) return;
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.viewport(0, canvas.height - height, width, height);
  gl.useProgram(program.program);
  bindInputs(gl, operands);
  setUniforms(gl, program, operands);
  backend.setBlending(false);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
  backend.submitted();
  show(canvas);
};

import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { TensorTexture, WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';

/**
 * Draws into the lower left corner of the context's canvas, which is a texture without layers to `draw`. The canvas only grows, since another
 * size means new memory. The image is drawn with one more column and row, equal to its last ones: a page that scales it blends its edges with
 * what lies beside them.
 */
export const paint: Kernel<WebGLBackend, 'paint'> = (backend, [image], _outputs, { map, show }) => {
  const { gl } = backend;
  const { canvas } = gl;
  const [height, width, channels = 1] = image!.shape as [number, number, number?];
  const layout = { width: width + 1, height: height + 1, layers: 1 };
  if (canvas.width < layout.width) canvas.width = layout.width;
  if (canvas.height < layout.height) canvas.height = layout.height;
  if (gl.drawingBufferWidth < canvas.width || gl.drawingBufferHeight < canvas.height) {
    canvas.width = canvas.height = 1;
    throw new Error(`webgl: paint: ${height} × ${width} pixels are too many for a canvas of this device`);
  }
  const size = layout.width * layout.height * 4;
  const texture = {
    texture: {},
    layout,
    laneType: 'float',
    bytes: size,
    framebuffer: null,
    isFree: false,
  } as const;
  const handle: TensorTexture = { size, laneType: 'float', values: null, texture, scalar: null };
  const picture: TensorInfo = { shape: [layout.height, layout.width, 4], dtype: 'float32', size, handle };
  draw(backend, {
    program: `paint ${channels} ${map !== null}`,
    inputs: { image: image! },
    outputs: [picture],
    form: 'texel',
    ints: { width, line: layout.width, last: height - 1 },
    floats: { greatest: image!.dtype === 'float32' ? 1 : 255, ...(map && { map }) },
    source: () => `
      float value(int i) {
        float v = float(image_at(i)) / greatest;
        return is_nan(v) ? 0.0 : clamp(v, 0.0, 1.0);
      }
      vec4 result(int n) {
        int row = over_line(n), column = min(n - row * line, width - 1);
        int i = (max(last - row, 0) * width + column) * ${channels};
        vec3 v = ${channels < 3 ? 'vec3(value(i))' : 'vec3(value(i), value(i + 1), value(i + 2))'};
        ${map ? `vec3 t = v; v = vec3(0.0);${list(7, (k) => `v = v * t + vec3(map${18 - 3 * k}, map${19 - 3 * k}, map${20 - 3 * k});`)}` : ''}
        float a = ${channels > 3 ? 'value(i + 3)' : '1.0'};
        return vec4(clamp(v, 0.0, 1.0) * a, a);
      }`,
  });
  show(canvas);
};

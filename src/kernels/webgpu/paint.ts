import type { Kernel } from '../kernel-table';
import type { WebGPUBackend } from './backend';
import { USAGE } from './buffers';
import { dispatch } from './dispatch';
import { withScratch } from './scratch';
import { list } from './wgsl';

/** The canvas of each device. */
const contexts = new WeakMap<GPUDevice, GPUCanvasContext>();

function contextOf(gpu: GPUDevice): GPUCanvasContext {
  const known = contexts.get(gpu);
  if (known) return known;
  const canvas =
    typeof OffscreenCanvas === 'function' ? new OffscreenCanvas(1, 1) : document.createElement('canvas');
  // Not all versions of the types of pages know the context.
  const found: unknown = canvas.getContext('webgpu');
  const context = found as GPUCanvasContext | null;
  if (!context) throw new Error("webgpu: paint: no canvas is available with a context 'webgpu'");
  context.configure({
    device: gpu,
    format: 'rgba8unorm',
    usage: USAGE.textureCopyTarget,
    alphaMode: 'premultiplied',
  });
  contexts.set(gpu, context);
  return context;
}

/** A line of pixels that is copied to a texture begins at a multiple of 256 bytes. */
const LINE = 64;

/**
 * Computes pixels and copies them to the texture of a canvas, so that nothing is read back. The image has one more column and row, equal to its last and first
 * ones, as on WebGL: a page that scales it blends its edges with what lies beside them.
 */
export const paint: Kernel<WebGPUBackend, 'paint'> = (backend, [image], _outputs, { map, show }) => {
  const { gpu } = backend;
  const [height, width, channels = 1] = image!.shape as [number, number, number?];
  if (Math.max(height, width) >= gpu.limits.maxTextureDimension2D) {
    throw new Error(`webgpu: paint: ${height} × ${width} pixels are too many for a canvas of this device`);
  }
  const context = contextOf(gpu);
  const { canvas } = context;
  if (canvas.width !== width + 1) canvas.width = width + 1;
  if (canvas.height !== height + 1) canvas.height = height + 1;
  const line = Math.ceil((width + 1) / LINE) * LINE;
  withScratch(backend, [height + 1, line], 'int32', (pixels) => {
    dispatch(backend, {
      program: `paint ${channels} ${map !== null}`,
      inputs: { image: image! },
      outputs: { pixels },
      form: 'element',
      ints: { width, line },
      floats: { greatest: image!.dtype === 'float32' ? 1 : 255, ...(map && { map }) },
      source: () => `
        fn value(i: i32) -> f32 {
          let v = f32(image[i]) / u.greatest;
          return select(clamp(v, 0.0, 1.0), 0.0, is_nan(v));
        }
        fn result(n: i32) -> i32 {
          let row = n / u.line;
          let i = (max(row - 1, 0) * u.width + min(n - row * u.line, u.width - 1)) * ${channels};
          var v = ${channels < 3 ? 'vec3f(value(i))' : 'vec3f(value(i), value(i + 1), value(i + 2))'};
          ${map ? `let t = v; v = vec3f(0.0); ${list(7, (k) => `v = v * t + vec3f(u.map${18 - 3 * k}, u.map${19 - 3 * k}, u.map${20 - 3 * k});`)}` : ''}
          let a = ${channels > 3 ? 'value(i + 3)' : '1.0'};
          return bitcast<i32>(pack4x8unorm(vec4f(clamp(v, vec3f(0.0), vec3f(1.0)) * a, a)));
        }`,
    });
    backend.copyToTexture(pixels, context.getCurrentTexture(), line * 4);
  });
  show(canvas);
};

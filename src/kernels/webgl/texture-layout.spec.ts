import { sizeOf, type Shape } from '../strides';
import { blockLayout, checkSize, chooseLayout, texelsOf, type TextureLayout } from './texture-layout';

function holds({ width, height, layers }: TextureLayout, texels: number, bound: number): boolean {
  return width <= bound && height <= bound && width * height * layers >= texels;
}

describe('the layout of a tensor in a texture', () => {
  const shapes: Shape[] = [
    [],
    [1],
    [7],
    [1000],
    [64, 28, 28, 1],
    [64, 12, 12, 16],
    [5, 5, 8, 16],
    [512, 512],
    [1, 1024],
    [36864, 8],
    [200000, 4],
    [1000, 10],
    [2, 3, 2, 3, 2, 4],
  ];

  it('holds every value, within the bounds', () => {
    for (const bound of [1024, 8192]) {
      for (const shape of shapes) {
        const texels = texelsOf(sizeOf(shape));
        expect(holds(chooseLayout(shape, bound), texels, bound))
          .withContext(`[${shape.join()}] in ${bound}`)
          .toBeTrue();
      }
    }
  });

  it('has as many trailing axes in a row as leave some rows', () => {
    expect(chooseLayout([64, 12, 12, 16], 8192).width).toBe(576);
    expect(chooseLayout([64, 28, 28, 1], 8192).width).toBe(196);
    expect(chooseLayout([512, 512], 8192)).toEqual({ width: 128, height: 512, layers: 1 });
    // Fewer, if the bound does not allow more.
    expect(chooseLayout([64, 12, 12, 16], 256).width % 48).toBe(0);
  });

  it('is neither thin nor long where rows are short', () => {
    const { width, height } = chooseLayout([36864, 8], 8192);
    expect(width % 2).toBe(0);
    expect(width / height).toBeGreaterThan(0.25);
    expect(width / height).toBeLessThan(4);
  });

  it('breaks rows where they alone are too long', () => {
    expect(chooseLayout([3, 4096], 256)).toEqual({ width: 64, height: 48, layers: 1 });
  });

  it('refuses what no texture holds, naming both sizes', () => {
    expect(() => checkSize(256 * 256 * 4, 256)).not.toThrow();
    expect(() => checkSize(256 * 256 * 4 + 1, 256)).toThrowError(
      /262145 elements needs 65537 texels; .* 256 × 256 = 65536 texels \(262144 elements\)/,
    );
  });

  it('has rows for several layers where there are enough', () => {
    const device = { maxTextureSize: 8192, maxDrawBuffers: 8 };
    expect(blockLayout(device, 65536, 128)).toEqual({ width: 128, height: 64, layers: 8 });
    expect(blockLayout({ ...device, maxDrawBuffers: 4 }, 65536, 128)?.layers).toBe(4);
    expect(blockLayout(device, 65536, 128, true, (layers) => layers < 8)?.layers).toBe(4);
    expect(blockLayout(device, 100, 10)).toBeNull();
    expect(blockLayout({ ...device, maxTextureSize: 256 }, 65536, 512)).toBeNull();
  });
});

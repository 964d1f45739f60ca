/** What a fake camera shows: a camera moves a little over a photo, and back. */
import type { Photo } from './photos';
import { cutOut } from './vision-reference';

/** The width and height of the clip. */
export const CLIP_SIZE = [640, 480] as const;

/** Which part of the photo it shows: its middle, and how many pixels of the photo there are to one of the clip. */
export interface ClipPart {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Its pictures, four bytes a pixel. The last one is followed by the first one. */
export function clipOf(
  taken: Photo,
  count: number,
  { x: middle, y, scale }: ClipPart = { x: taken.width / 2, y: taken.height / 2, scale: 1.5 },
): Uint8Array[] {
  const [width, height] = CLIP_SIZE;
  return Array.from({ length: count }, (_, frame) => {
    const x = middle + 8 * scale * Math.sin((2 * Math.PI * frame) / count);
    const cut = { x, y, width: scale * width, height: scale * height, angle: 0 };
    const pixels = cutOut(taken, cut, width, (byte) => byte, height);
    const data = new Uint8Array(width * height * 4).fill(255);
    for (let i = 0; i < width * height; i++)
      for (let channel = 0; channel < 3; channel++)
        data[4 * i + channel] = Math.round(pixels[3 * i + channel]!);
    return data;
  });
}

import type { Tensor3D } from '../tensor/tensor';
import { trailNow } from '../streams/emission';
import type { Box, Keypoint } from './geometry';
import type { Picture } from './picture';

/** One thing that is followed from frame to frame. */
export interface Track {
  /** Its number: 1, 2, … in the order in which things were first seen. It stays the same until the thing is lost. */
  readonly id: number;
  /** How sure the model is that it still sees it, from 0 to 1. */
  readonly score: number;
  /** Its points, in pixels of the picture. */
  readonly points: readonly Keypoint[];
  /** The smallest box around them. */
  readonly box: Box;
}

/** A picture, and what was followed on it. */
export interface Tracked<P extends Picture = Tensor3D> {
  /** The picture as it came. */
  readonly picture: P;
  /** What is followed, the oldest first. */
  readonly tracks: readonly Track[];
  /** When the picture came, in milliseconds since 1970: when its frame was taken, where the source tells it. */
  readonly time: number;
}

/** Milliseconds since 1970, as exact as the clock of the page is. */
export const clock = (): number => performance.timeOrigin + performance.now();

/** When the value of the current emission was taken, or that it is here now. */
export const timeOfValue = (): number => trailNow().time?.capture ?? clock();

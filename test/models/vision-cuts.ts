/** Which cut of a photo the landmarks of a detection are on, as the families' own pipelines have it. */
import type { Detection, Keypoint } from 'rxtensor/vision';
import type { Cut } from './vision-reference';

/** A face: half as large again, its eyes level. */
export function eyesCut({ box, keypoints }: Detection): Cut {
  const [right, left] = keypoints as [Keypoint, Keypoint];
  const side = 1.5 * Math.max(box.width, box.height);
  return {
    ...{ x: box.x + box.width / 2, y: box.y + box.height / 2, width: side, height: side },
    angle: Math.atan2(left.y - right.y, left.x - right.x),
  };
}

/** A hand: its fingers point up, and the cut is half a palm nearer to them. */
export function palmCut({ box: { x, y, width, height }, keypoints }: Detection): Cut {
  const [wrist, , middle] = keypoints as [Keypoint, Keypoint, Keypoint];
  const angle = Math.atan2(middle.x - wrist.x, wrist.y - middle.y);
  const side = 2.6 * Math.max(width, height);
  return {
    x: x + width / 2 + (Math.sin(angle) * height) / 2,
    y: y + height / 2 - (Math.cos(angle) * height) / 2,
    ...{ width: side, height: side, angle },
  };
}

/** A body: the circle around its hips. */
export function hipsCut({ keypoints }: Detection): Cut {
  const [hips, reach] = keypoints as [Keypoint, Keypoint];
  const side = 2.5 * Math.hypot(reach.x - hips.x, reach.y - hips.y);
  const angle = Math.atan2(reach.x - hips.x, hips.y - reach.y);
  return { x: hips.x, y: hips.y, width: side, height: side, angle };
}

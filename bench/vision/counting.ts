import type { FoundFace, Progress } from './case';

interface Point {
  readonly x: number;
  readonly y: number;
}

export function boxOf(points: readonly Point[]): FoundFace {
  const [across, down] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return {
    left: Math.min(...across),
    top: Math.min(...down),
    right: Math.max(...across),
    bottom: Math.max(...down),
  };
}

/** Counts frames, and keeps the faces of the latest one. */
export function counting(): {
  readonly count: (faces: readonly { readonly points: readonly Point[] }[]) => void;
  readonly progress: () => Progress;
} {
  let frames = 0;
  let found = 0;
  let latest: readonly { readonly points: readonly Point[] }[] = [];
  return {
    count: (faces) => {
      frames++;
      if (faces.length > 0) found++;
      latest = faces;
    },
    progress: () => {
      const [first] = latest;
      return { frames, found, faces: latest.length, face: first ? boxOf(first.points) : null };
    },
  };
}

/** Cuts samples that come in pieces of any length into frames, which may overlap. Samples are an array for each channel. */
export interface FrameCutter {
  /** Takes further samples: as many of each channel. */
  readonly push: (channels: readonly Float32Array[]) => void;
  /** The next frame; null while there are too few samples. */
  readonly take: () => Float32Array[] | null;
  /** What is there of the next frame, once no more samples come; null when there are none. */
  readonly rest: () => Float32Array[] | null;
}

/**
 * Makes a cutter. It holds what further frames need, and what has not been taken.
 *
 * @param frame the samples of a frame
 * @param hop the samples from the beginning of a frame to that of the next
 */
export function frameCutter(frame: number, hop: number): FrameCutter {
  let held: Float32Array[] = [];
  /** Where the next frame begins in what is held, and where that ends. The beginning may be yet to come, where a hop is longer than a frame. */
  let start = 0;
  let end = 0;
  const cut = (length: number): Float32Array[] => {
    const taken = held.map((samples) => samples.slice(start, start + length));
    start += hop;
    return taken;
  };
  return {
    push: (channels) => {
      const added = channels[0]?.length ?? 0;
      const used = Math.min(start, end);
      const kept = end - used;
      held = channels.map((samples, c) => {
        const before = held[c];
        const fits = before && kept + added <= before.length;
        const room = fits ? before : new Float32Array(Math.max(kept + added, frame));
        if (before) room.set(before.subarray(used, end));
        room.set(samples, kept);
        return room;
      });
      start -= used;
      end = kept + added;
    },
    take: () => (held.length > 0 && end - start >= frame ? cut(frame) : null),
    rest: () => (end > start ? cut(Math.min(frame, end - start)) : null),
  };
}

/** Sources of frames that are not read into tensors. */
import { defer, type Observable } from 'rxjs';
import { trailNow, waitFor, type Waiter } from '../../streams/emission';
import { operator } from '../../streams/operator';
import { inOrderFor } from '../../streams/operators/parts/in-order';
import { live, type LiveDevice, type LiveEvents, type LiveOptions } from '../../streams/pulling/live';
import type { Trail } from '../../streams/trail';
import { isOnCpu } from '../crop-frame';

/** A frame as a source has it: its own, or what a video shows now. */
export type Taken = VideoFrame | HTMLVideoElement;

/** What a source of frames emits. */
export type UnreadFrame = VideoFrame | ImageBitmap;

/** Frames that are on their way from a source to {@link unread}, and never come when the subscription ends meanwhile. */
export interface UnderWay {
  /** Notes a frame. After the end it closes it. */
  readonly take: (frame: VideoFrame) => VideoFrame;
  /** Closes those that are still on their way: the subscription has ended. */
  readonly release: () => void;
}

/**
 * Emits frames, and closes each when its emission is finished: when all that works on it has settled. Where the CPU reads them, and for a video, whose picture changes, they become
 * bitmaps: the browser converts the colours of a `VideoFrame` again for each drawing.
 *
 * @param source makes the source of frames for one subscription
 */
export function unread(
  name: string,
  source: (underWay: UnderWay) => Observable<Taken>,
): Observable<UnreadFrame> {
  return defer(() => {
    const waiting = new Set<VideoFrame>();
    let isReleased = false;
    const underWay: UnderWay = {
      take: (frame) => {
        if (isReleased) frame.close();
        else waiting.add(frame);
        return frame;
      },
      release: () => {
        isReleased = true;
        for (const frame of waiting) frame.close();
        waiting.clear();
      },
    };
    const emitting = operator<Taken, UnreadFrame>(name, (output) => {
      const inOrder = inOrderFor(output);
      /** Emits a frame. Resolves when it is closed. */
      const emit = async (frame: UnreadFrame, trail: Trail | null): Promise<void> => {
        try {
          await output.emitTracked(() => frame, trail);
        } finally {
          frame.close();
        }
      };
      return {
        next: (taken) => {
          if (isOwned(taken)) waiting.delete(taken);
          if (isOwned(taken) && !isOnCpu()) {
            void emit(taken, null);
            return;
          }
          const trail = trailNow();
          const drawn = createImageBitmap(taken).finally(() => {
            if (isOwned(taken)) taken.close();
          });
          let closed: Promise<void> | null = null;
          const turn = inOrder.add(async () => {
            closed = emit(await drawn, trail);
          });
          const ended = turn.then(async () => {
            // The subscription may have ended before its turn.
            closed ??= drawn.then(
              (bitmap) => bitmap.close(),
              () => undefined,
            );
            await closed;
          });
          waitFor(PENDING, ended);
        },
        error: (error) => void inOrder.add(() => output.error(error)),
        complete: () => void inOrder.add(output.complete),
      };
    });
    return source(underWay).pipe(emitting);
  });
}

/** {@link unread} for a device that cannot wait. */
export function unreadLive(
  name: string,
  open: (events: LiveEvents) => LiveDevice<Taken>,
  options: LiveOptions,
): Observable<UnreadFrame> {
  return unread(name, ({ take, release }) =>
    live(
      name,
      (events) => {
        const device = open(events);
        return {
          ...device,
          grab: () => {
            const taken = device.grab();
            return taken && isOwned(taken) ? take(taken) : taken;
          },
          release: () => {
            device.release();
            release();
          },
        };
      },
      options,
    ),
  );
}

const isOwned = (taken: Taken): taken is VideoFrame => 'timestamp' in taken;

/** Why a source waits. */
const PENDING: Waiter = {
  by: 'a frame',
  cure: 'it is in use as long as a promise of its emission does not settle: settle each, or reject it',
};

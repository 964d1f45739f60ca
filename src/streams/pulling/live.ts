import type { Observable } from 'rxjs';
import { assertCallback } from '../checks/arguments';
import { subscribing } from '../emission';
import { pulled, pullOptions, type PullOptions, type Supply } from './pull';
import type { OptionNames } from '../../tensor/options';
import type { FrameTime } from '../trail';

/** Options of a live source, which cannot wait and drops frames instead. */
export interface LiveOptions extends PullOptions {
  /** Called for each dropped frame, with the number dropped so far. */
  readonly onDrop?: (dropped: number) => void;
}

export const liveOptions: OptionNames<LiveOptions> = { ...pullOptions, onDrop: 1 };

/** The functions that a device calls to report its events. They are ignored after the device has been released. */
export interface LiveEvents {
  /** Reports a new frame, and when it was taken, where that is known. */
  readonly frame: (time?: FrameTime) => void;
  /** Reports that no more frames will come. */
  readonly end: () => void;
  /** Reports that the device has failed. The stream fails at once, even if emissions are unfinished. Do not call it inside `open`. */
  readonly fail: (error: unknown) => void;
}

/** An open device. */
export interface LiveDevice<T> {
  /**
   * Makes a value from the newest frame, or returns null when there is no frame after all. It runs outside all emissions. The value's
   * emission then owns its tensors.
   */
  readonly grab: () => T | null;
  /** True when the newest frame can be grabbed until the next one comes; false when only during its `frame` event. */
  readonly keepsFrame: boolean;
  /** Releases the device. Called once, when the subscription has ended. */
  readonly release: () => void;
}

/**
 * Makes a source of frames from a device that cannot wait. Like {@link pulled}, it emits only when few emissions are unfinished: then it
 * grabs the newest frame. It drops all other frames. It stores no frames, so that a slow subscriber costs neither memory nor delay.
 *
 * @param name the source's name, for messages
 * @param open opens the device for one subscription
 * @throws when `inFlight` is not a positive integer
 */
export function live<T>(
  name: string,
  open: (events: LiveEvents) => LiveDevice<T>,
  options: LiveOptions = {},
): Observable<T> {
  assertCallback(name, 'onDrop', options.onDrop);
  return pulled(name, (fail, noteDrop) => framesOf(open, fail, noteDrop, options.onDrop), options);
}

type Frame<T> = IteratorResult<T, undefined>;

interface Waiting<T> {
  readonly resolve: (frame: Frame<T>) => void;
  readonly reject: (error: unknown) => void;
}

function framesOf<T>(
  open: (events: LiveEvents) => LiveDevice<T>,
  fail: (error: unknown) => void,
  noteDrop: () => void,
  onDrop: LiveOptions['onDrop'],
): Supply<T> {
  /** The request that waits for a frame. */
  let waiting: Waiting<T> | null = null;
  /** Whether the newest frame can still be grabbed and has not been emitted. */
  let isFresh = false;
  /** That of the newest frame. */
  let time: FrameTime | null = null;
  let hasEnded = false;
  let isReleased = false;
  let dropped = 0;

  const grab = (): Frame<T> | null => {
    const value = subscribing(device.grab);
    return value === null ? null : { done: false, value };
  };
  /** Answers the waiting request if `make` returns a frame or the end. */
  const answer = (make: () => Frame<T> | null): void => {
    try {
      const frame = make();
      if (!frame) return;
      waiting?.resolve(frame);
    } catch (error) {
      waiting?.reject(error);
    }
    waiting = null;
  };

  /** Counts a dropped frame. It runs in the device's callback, where nobody would catch an error. */
  const tellOfDrop = (): void => {
    noteDrop();
    try {
      onDrop?.(++dropped);
    } catch (error) {
      fail(error);
    }
  };

  const device = open({
    frame: (taken) => {
      if (isReleased || hasEnded) return;
      time = taken ?? null;
      if (waiting) {
        answer(grab);
        return;
      }
      if (isFresh || !device.keepsFrame) tellOfDrop();
      isFresh = device.keepsFrame;
    },
    end: () => {
      hasEnded = true;
      answer(() => ({ done: true, value: undefined }));
    },
    fail: (error) => {
      if (!isReleased) fail(error);
    },
  });

  return {
    when: 'later',
    origin: () => ({ time }),
    next: () => {
      const frame = isFresh ? grab() : null;
      isFresh = false;
      if (frame) return Promise.resolve(frame);
      if (hasEnded) return Promise.resolve({ done: true, value: undefined });
      return new Promise<Frame<T>>((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    close: () => {
      isReleased = true;
      device.release();
    },
  };
}

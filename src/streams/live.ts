import type { Observable } from 'rxjs';
import { assertCallback } from './given';
import { subscribing } from './emission';
import { pulled, pullOptions, type PullOptions, type Supply } from './pull';
import type { OptionNames } from '../tensor/options';

/** How a source that cannot be made to wait paces itself: it drops frames. */
export interface LiveOptions extends PullOptions {
  /** Told of each frame that is dropped: how many were so far. */
  readonly onDrop?: (dropped: number) => void;
}

export const liveOptions: OptionNames<LiveOptions> = { ...pullOptions, onDrop: 1 };

/** What a device tells of itself; what it tells after it was released is not heard. */
export interface LiveEvents {
  /** There is a new frame. */
  readonly frame: () => void;
  /** There will be no other one. */
  readonly end: () => void;
  /** There will be none, for this reason: an error notification at once, whatever is unfinished. Not while it is being opened. */
  readonly fail: (error: unknown) => void;
}

/** A device that is being read. */
export interface LiveDevice<T> {
  /**
   * Makes a value of the newest frame; null where there is none after all. Outside of every emission: tensors in it become those of the
   * emission to come.
   */
  readonly grab: () => T | null;
  /** Whether the newest frame is there until the next one comes, or only while it is being told of. */
  readonly keepsFrame: boolean;
  /** Gives the device back: once, when nothing more is wanted. */
  readonly release: () => void;
}

/**
 * A source of frames that do not wait: it is paced as {@link pulled} is, grabs the newest frame when it may emit one, and drops the others.
 * No frame is ever stored, so that a slow reader costs neither memory nor delay.
 *
 * @param name for messages
 * @param open begins to read the device, for one subscription
 * @throws when `inFlight` is no positive integer
 */
export function live<T>(
  name: string,
  open: (events: LiveEvents) => LiveDevice<T>,
  options: LiveOptions = {},
): Observable<T> {
  assertCallback(name, 'onDrop', options.onDrop);
  return pulled(name, (fail) => framesOf(open, fail, options.onDrop), options);
}

type Frame<T> = IteratorResult<T, undefined>;

interface Waiting<T> {
  readonly resolve: (frame: Frame<T>) => void;
  readonly reject: (error: unknown) => void;
}

function framesOf<T>(
  open: (events: LiveEvents) => LiveDevice<T>,
  fail: (error: unknown) => void,
  onDrop: LiveOptions['onDrop'],
): Supply<T> {
  /** Whoever asked for a frame before there was one. */
  let waiting: Waiting<T> | null = null;
  /** Whether there is a frame that was not emitted. */
  let isFresh = false;
  let hasEnded = false;
  let isReleased = false;
  let dropped = 0;

  const grab = (): Frame<T> | null => {
    const value = subscribing(device.grab);
    return value === null ? null : { done: false, value };
  };
  /** Gives whoever waits what is made, if anything is. */
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

  /** The device calls back: what is thrown here would be nobody's. */
  const tellOfDrop = (): void => {
    try {
      onDrop?.(++dropped);
    } catch (error) {
      fail(error);
    }
  };

  const device = open({
    frame: () => {
      if (isReleased || hasEnded) return;
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

import type { Observable } from 'rxjs';
import { assertCallback } from '../checks/arguments';
import { subscribing } from '../emission';
import { pulled, pullOptions, type PullOptions, type Supply } from './pull';
import type { OptionNames } from '../../tensor/options';

/** The pacing of a live source, which cannot wait: it drops frames. */
export interface LiveOptions extends PullOptions {
  /** Called for each dropped frame, with the number dropped so far. */
  readonly onDrop?: (dropped: number) => void;
}

export const liveOptions: OptionNames<LiveOptions> = { ...pullOptions, onDrop: 1 };

/** The events of a device. They are ignored once the device has been released. */
export interface LiveEvents {
  /** There is a new frame. */
  readonly frame: () => void;
  /** There will be no more frames. */
  readonly end: () => void;
  /** The device has failed: an error notification at once, whatever is unfinished. Must not be called while it is being opened. */
  readonly fail: (error: unknown) => void;
}

/** A device that is being read. */
export interface LiveDevice<T> {
  /**
   * Makes a value of the newest frame; null when there is none after all. It runs outside of every emission; the next emission takes over the
   * tensors in the value.
   */
  readonly grab: () => T | null;
  /** Whether the newest frame can be grabbed until the next one comes, or only during its `frame` event. */
  readonly keepsFrame: boolean;
  /** Releases the device. Called once, when the subscription has ended. */
  readonly release: () => void;
}

/**
 * A source of frames that cannot wait. It is paced like {@link pulled}: it grabs the newest frame when it may emit one, and drops the others.
 * It stores no frame, so that a slow subscriber costs neither memory nor delay.
 *
 * @param name for messages
 * @param open opens the device, for one subscription
 * @throws when `inFlight` is not a positive integer
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
  /** The request for a frame that waits for one. */
  let waiting: Waiting<T> | null = null;
  /** Whether the newest frame is still to be emitted. */
  let isFresh = false;
  let hasEnded = false;
  let isReleased = false;
  let dropped = 0;

  const grab = (): Frame<T> | null => {
    const value = subscribing(device.grab);
    return value === null ? null : { done: false, value };
  };
  /** Answers the request that waits, if `make` returns a frame. */
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

  /** Runs in the device's callback, where nobody would catch an error. */
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

import * as dl from 'rxtensor';

import { deferred, plain, settle, unhandledErrors, type Deferred } from '../../../test/support/marbles';
import { emission, isEmitting, waitUntil } from '../emission';
import { live, type LiveEvents } from './live';

/** A camera whose pictures are numbers, and what is seen of it. */
class Camera {
  readonly log: unknown[] = [];
  readonly dropped: number[] = [];
  readonly unfinished: Deferred[] = [];
  picture = 0;
  events!: LiveEvents;

  constructor(private readonly keepsFrame = true) {}

  readonly stream = (inFlight = 1) =>
    live(
      'camera',
      (events) => {
        this.events = events;
        return {
          grab: () => (this.picture === 0 ? null : { image: dl.scalar(this.picture) }),
          keepsFrame: this.keepsFrame,
          release: () => this.log.push('released'),
        };
      },
      { inFlight, onDrop: (count) => this.dropped.push(count) },
    );

  /** Subscribes; each emission is finished by hand. */
  open(inFlight = 1): { unsubscribe: () => void } {
    return this.stream(inFlight).subscribe({
      next: (frame) => {
        this.log.push(plain(frame.image));
        const wait = deferred();
        this.unfinished.push(wait);
        waitUntil(wait.promise);
      },
      error: (error: unknown) => this.log.push(error),
      complete: () => this.log.push('complete'),
    });
  }

  async show(picture: number): Promise<void> {
    this.picture = picture;
    this.events.frame();
    await settle();
  }

  async finish(): Promise<void> {
    this.unfinished.shift()?.resolve();
    await settle();
  }
}

describe('A live source', () => {
  it('emits each frame where nothing has to be waited for', async () => {
    const camera = new Camera();
    const subscription = camera.open(Infinity);
    await settle();
    for (const picture of [1, 2, 3]) await camera.show(picture);
    expect(camera.log).toEqual([1, 2, 3]);
    expect(camera.dropped).toEqual([]);
    subscription.unsubscribe();
    expect(camera.log).toEqual([1, 2, 3, 'released']);
  });

  it('emits the newest frame when it may, and counts those that it drops', async () => {
    const camera = new Camera();
    const subscription = camera.open();
    await settle();
    for (const picture of [1, 2, 3, 4]) await camera.show(picture);
    expect(camera.log).toEqual([1]);
    expect(camera.dropped).toEqual([1, 2]);
    await camera.finish();
    expect(camera.log).toEqual([1, 4]);
    await camera.finish();
    expect(camera.log).toEqual([1, 4]);
    await camera.show(5);
    expect(camera.log).toEqual([1, 4, 5]);
    expect(camera.dropped).toEqual([1, 2]);
    subscription.unsubscribe();
  });

  it('waits for another frame where there is none after all', async () => {
    const camera = new Camera();
    const subscription = camera.open();
    await settle();
    await camera.show(0);
    await camera.show(1);
    await camera.show(0);
    await camera.finish();
    expect(camera.log).toEqual([1]);
    await camera.show(2);
    expect(camera.log).toEqual([1, 2]);
    expect(camera.dropped).toEqual([]);
    subscription.unsubscribe();
  });

  it('waits for the next frame where the device does not keep the newest', async () => {
    const camera = new Camera(false);
    const subscription = camera.open();
    await settle();
    for (const picture of [1, 2, 3]) await camera.show(picture);
    await camera.finish();
    expect(camera.log).toEqual([1]);
    expect(camera.dropped).toEqual([1, 2]);
    await camera.show(4);
    expect(camera.log).toEqual([1, 4]);
    subscription.unsubscribe();
  });

  it('grabs outside of every emission, and emits in one', async () => {
    const camera = new Camera();
    const seen: dl.Tensor[] = [];
    const subscription = camera.stream().subscribe(({ image }) => {
      expect(isEmitting()).toBeTrue();
      seen.push(image);
    });
    await settle();
    camera.picture = 1;
    emission('spec', () => camera.events.frame());
    expect(seen).toEqual([]);
    await settle();
    expect(seen.map((image) => image.isDisposed)).toEqual([true]);
    subscription.unsubscribe();
  });

  it('frees a frame that was grabbed for a subscriber who has left', async () => {
    const camera = new Camera();
    const subscription = camera.open();
    await settle();
    camera.picture = 1;
    camera.events.frame();
    subscription.unsubscribe();
    await settle();
    expect(camera.log).toEqual(['released']);
  });

  it('completes after the newest frame', async () => {
    const camera = new Camera();
    camera.open();
    await settle();
    for (const picture of [1, 2]) await camera.show(picture);
    camera.events.end();
    await camera.finish();
    expect(camera.log).toEqual([1, 2]);
    await camera.finish();
    expect(camera.log).toEqual([1, 2, 'complete', 'released']);
    await camera.show(3);
    expect(camera.dropped).toEqual([]);
  });

  it('completes at once where it waits for a frame', async () => {
    const camera = new Camera();
    camera.open();
    await settle();
    camera.events.end();
    await settle();
    expect(camera.log).toEqual(['complete', 'released']);
  });

  it('fails at once, though emissions are unfinished, and gives the device back', async () => {
    const camera = new Camera();
    camera.open();
    await settle();
    await camera.show(1);
    camera.events.fail(new Error('unplugged'));
    expect(camera.log).toEqual([1, new Error('unplugged'), 'released']);
    const late = await unhandledErrors(() => camera.events.fail(new Error('unplugged again')));
    expect(late).toEqual([]);
  });

  it('gives the device back after the emission in which it is left or fails', async () => {
    const camera = new Camera();
    const read: unknown[] = [];
    camera.stream().subscribe({
      next: ({ image }) => {
        camera.events.fail(new Error('unplugged'));
        read.push(plain(image), ...camera.log);
      },
      error: (error: unknown) => read.push(error),
    });
    await settle();
    await camera.show(7);
    expect(read).toEqual([new Error('unplugged'), 7]);
    expect(camera.log).toEqual(['released']);
  });

  it('makes an error of grabbing a notification', async () => {
    for (const isWaiting of [true, false]) {
      let events!: LiveEvents;
      const log: unknown[] = [];
      live(
        'camera',
        (given) => {
          events = given;
          return {
            grab: () => {
              throw new Error('not readable');
            },
            keepsFrame: true,
            release: () => log.push('released'),
          };
        },
        { inFlight: 1 },
      ).subscribe({ error: (error: unknown) => log.push(error) });
      if (isWaiting) await settle();
      events.frame();
      await settle();
      expect(log).toEqual([new Error('not readable'), 'released']);
    }
  });

  it('makes an error of whoever is told of drops a notification', async () => {
    const camera = new Camera();
    spyOn(camera.dropped, 'push').and.throwError('in onDrop');
    camera.open();
    await camera.show(1);
    await camera.show(2);
    expect(() => camera.events.frame()).not.toThrow();
    expect(camera.log).toEqual([1, new Error('in onDrop'), 'released']);
    await camera.finish();
  });

  it('opens a device for each subscription, and refuses an impossible inFlight at once', async () => {
    const camera = new Camera();
    const subscriptions = [camera.open(), camera.open()];
    await settle();
    for (const each of subscriptions) each.unsubscribe();
    expect(camera.log).toEqual(['released', 'released']);
    expect(() => camera.stream(0)).toThrowError("camera: option 'inFlight' is 0; wanted a positive integer");
  });
});

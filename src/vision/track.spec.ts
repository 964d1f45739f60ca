import * as dl from 'rxtensor';
import {
  track,
  type Detection,
  type Landmarker,
  type Region,
  type TrackOptions,
  type Tracked,
} from 'rxtensor/vision';
import { lastValueFrom, map, of, Subject, throwError, toArray } from 'rxjs';
import { until } from '../../test/support/marbles';

/** A world of points on a line, which move by one pixel a frame. */
class World {
  readonly calls: string[] = [];
  /** How many pictures are being read: they are kept so long. */
  reading = 0;
  constructor(
    /** For each thing: its x on the first frame, and the frames on which it is not to be seen. */
    readonly things: readonly {
      readonly x: number;
      readonly hidden?: readonly number[];
      readonly speed?: number;
    }[],
  ) {}

  /** Where things are on a picture, whose values are the number of its frame. */
  private async places(picture: dl.Tensor3D): Promise<number[]> {
    this.reading++;
    const [frame] = await picture.data().finally(() => this.reading--);
    return this.things.flatMap(({ x, hidden = [], speed = 1 }) =>
      hidden.includes(frame!) ? [] : [x + speed * frame!],
    );
  }

  detect = async (picture: dl.Tensor3D): Promise<Detection[]> => {
    this.calls.push('detect');
    return (await this.places(picture)).map((x) => ({
      box: { x: x - 1, y: 4, width: 2, height: 2 },
      score: 0.9,
      label: 0,
      keypoints: [],
    }));
  };

  /** What is nearest to the middle of the region, if that is near. */
  private find = async (picture: dl.Tensor3D, region?: Region): ReturnType<Landmarker> => {
    this.calls.push('landmarks');
    const from = region?.centerX ?? 0;
    const places = await this.places(picture);
    const [x] = places.sort((a, b) => Math.abs(a - from) - Math.abs(b - from));
    const isNear = x !== undefined && (!region || Math.abs(x - from) <= 2);
    const at = isNear ? x : from;
    const points = [-2, 2].map((side) => ({ x: at + side, y: 5 + side }));
    const next = region ? { ...region, centerX: at } : null;
    return { points, score: isNear ? 0.8 : 0.1, region: region!, next };
  };

  private regionOf = ({ box }: Pick<Detection, 'box'>): Region => ({
    centerX: box.x + 1,
    centerY: 5,
    width: 4,
    height: 4,
  });
  readonly landmarks: Landmarker = Object.assign(this.find, { regionOf: this.regionOf });

  /** What is followed on so many frames. */
  run(frames: number, options: Partial<TrackOptions> = {}): Promise<[id: number, x: number][][]> {
    const pictures = dl
      .examples(Array.from({ length: frames }, (_, i) => i))
      .pipe(dl.mapTensor((i) => dl.fill([10, 60, 3], i)));
    const tracked = track({ detect: this.detect, landmarks: this.landmarks, ...options });
    return lastValueFrom(
      pictures.pipe(
        tracked,
        map(({ picture, tracks }: Tracked) => {
          picture.assertUsable('test', 'picture');
          return tracks.map(({ id, box }): [number, number] => [id, box.x + 2]);
        }),
        toArray(),
      ),
    );
  }
}

describe('track', () => {
  it('keeps ids while things move, and detects once', async () => {
    const world = new World([{ x: 5 }, { x: 30 }]);
    const found = await world.run(4);
    expect(found).toEqual(
      [0, 1, 2, 3].map((i) => [
        [1, 5 + i],
        [2, 30 + i],
      ]),
    );
    expect(world.calls.filter((each) => each === 'detect').length).toBe(1);
    expect(world.calls.filter((each) => each === 'landmarks').length).toBe(8);
  });

  it('detects again each few frames, and does not count the same thing twice', async () => {
    const world = new World([{ x: 5 }, { x: 30, hidden: [0, 1] }]);
    const found = await world.run(7, { every: 3 });
    expect(found.map((tracks) => tracks.map(([id]) => id))).toEqual([
      [1],
      [1],
      [1],
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(world.calls.filter((each) => each === 'detect').length).toBe(3);
  });

  it('detects on each frame while it sees nothing, and at once when a thing is lost', async () => {
    const world = new World([{ x: 5, hidden: [0, 1, 4] }]);
    const found = await world.run(6);
    // What comes back is another one.
    expect(found.map((tracks) => tracks.map(([id]) => id))).toEqual([[], [], [1], [1], [], [2]]);
    expect(world.calls.filter((each) => each === 'detect').length).toBe(5);
  });

  it('follows no more than it is told', async () => {
    const world = new World([{ x: 5 }, { x: 20 }, { x: 40 }]);
    expect(
      (await world.run(2, { maxTracks: 2, every: 1 })).map((tracks) => tracks.map(([id]) => id)),
    ).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(world.calls.filter((each) => each === 'detect').length).toBe(1);
  });

  it('drops the newer of two that have come to the same place', async () => {
    const world = new World([
      { x: 20, speed: 0 },
      { x: 24, speed: -1 },
    ]);
    const found = await world.run(8, { every: 100 });
    expect(found[0]!.map(([id]) => id)).toEqual([1, 2]);
    expect(found.at(-1).map(([id]) => id)).toEqual([1]);
  });

  it('looks at whole pictures without a detector', async () => {
    const world = new World([{ x: 5, hidden: [2] }]);
    const found = await world.run(4, { detect: undefined });
    expect(found).toEqual([[[1, 5]], [[1, 6]], [], [[2, 8]]]);
  });

  it('begins with nothing on each subscription', async () => {
    const world = new World([{ x: 5 }]);
    const tracked = track({ detect: world.detect, landmarks: world.landmarks });
    for (let run = 0; run < 2; run++) {
      const picture = dl.examples([0]).pipe(dl.mapTensor(() => dl.zeros([10, 60, 3])));
      const ids = picture.pipe(
        tracked,
        map(({ tracks }) => tracks.map(({ id }) => id)),
      );
      expect(await lastValueFrom(ids)).toEqual([1]);
    }
  });

  it('hands errors on, of the source and of the models, and can be left in the middle', async () => {
    const world = new World([{ x: 5 }]);
    const options = { detect: world.detect, landmarks: world.landmarks };
    const failing = throwError(() => new Error('no camera'));
    await expectAsync(lastValueFrom(failing.pipe(track(options)))).toBeRejectedWithError('no camera');
    const broken = (): Promise<never> => Promise.reject(new Error('no outputs'));
    await expectAsync(world.run(2, { detect: broken })).toBeRejectedWithError('no outputs');
    const notPictures = of(3 as unknown as dl.Tensor3D).pipe(track(options));
    await expectAsync(lastValueFrom(notPictures)).toBeRejectedWithError(/track: argument 'picture' is 3/);

    const source = new Subject<dl.Tensor3D>();
    const seen: unknown[] = [];
    const subscription = source.pipe(track(options)).subscribe((value) => seen.push(value));
    dl.tidy(() => source.next(dl.zeros([4, 4, 3])));
    expect(world.reading).toBe(1);
    subscription.unsubscribe();
    // What is under way ends, and frees its picture then; nobody sees it.
    await until(() => world.reading === 0);
    await new Promise((resolve) => setTimeout(resolve));
    expect([seen.length, source.observed]).toEqual([0, false]);
  });

  it('tells what it wants', () => {
    const { landmarks, detect } = new World([]);
    expect(() => track({} as never)).toThrowError(
      "track: option 'landmarks' is undefined; wanted what landmarker() gives",
    );
    expect(() => track({ landmarks: detect as never })).toThrowError(
      /option 'landmarks' is a function; wanted what landmarker\(\) gives/,
    );
    expect(() => track({ landmarks, detect: 3 as never })).toThrowError(/option 'detect' is 3/);
    expect(() => track({ landmarks, every: 0 })).toThrowError(
      /option 'every' is 0; wanted a positive integer/,
    );
    expect(() => track({ landmarks, minScore: 2 })).toThrowError(/option 'minScore' is 2/);
    expect(() => track({ landmarks, maxTracks: 0.5 })).toThrowError(/option 'maxTracks' is 0.5/);
  });
});

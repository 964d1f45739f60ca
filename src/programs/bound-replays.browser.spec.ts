import * as dl from 'rxtensor';
import { recorded } from 'rxtensor/programs';
import { hear } from '../kernels/programs/webgl/hear';
import { activeBackend } from '../kernels/active-backend';
import { WebGLBackend } from '../kernels/webgl/backend';

/** Specs open other contexts between them. */
function here(): WebGLBackend {
  const backend = activeBackend();
  if (backend instanceof WebGLBackend) return backend;
  throw new Error(`wanted the backend 'webgl', found '${backend.name}'`);
}

if (activeBackend() instanceof WebGLBackend) {
  describe('recorded replays that are bound to textures', () => {
    /** What a call submits: as many draws as the program has, however it is run. */
    const drawsOf = (work: () => void): number => hear(here(), work).length;

    it('draw the same where the layout of an argument changes', async () => {
      const f = (x: dl.Tensor): dl.Tensor => x.mul(2).add(1).sum(0);
      const program = recorded(f);
      const numbers = (): dl.Tensor => dl.range(0, 512 * 64, 1, 'float32').reshape([512, 64]);
      const factors = dl.tidy(() => [numbers(), dl.ones([64, 64])]);
      // A product of this size lies in several layers, values from the host in one.
      const layered = (): dl.Tensor => dl.matMul(factors[0] as dl.Tensor2D, factors[1] as dl.Tensor2D);
      for (const make of [numbers, numbers, numbers, numbers, layered, layered, numbers, layered]) {
        const [x, wanted, found] = dl.tidy(() => {
          const x = make();
          return [x, f(x), program(x)] as const;
        });
        expect(await found.data()).toEqual(await wanted.data());
        dl.dispose([x, wanted, found]);
      }
      program.dispose();
      dl.dispose(factors);
    });

    it('take numbers from the host and from the device', async () => {
      const program = recorded((x: dl.Tensor, factor: dl.Tensor) => x.mul(factor).relu());
      const x = dl.tensor1d([1, -2, 3, 4, 5]);
      for (let i = 1; i < 8; i++) {
        const found = dl.tidy(() => program(x, i % 2 ? dl.scalar(i) : dl.scalar(i / 2).mul(2)));
        expect([...(await found.data())]).toEqual([i, 0, 3 * i, 4 * i, 5 * i]);
        found.dispose();
      }
      program.dispose();
      x.dispose();
    });

    it('submit what a first run does, with the numbers of their own step', () => {
      const weights = dl.tidy(() => dl.variable(dl.ones([8, 8])));
      const adam = dl.train.adam(0.1);
      const x = dl.ones([4, 8]);
      const step = recorded((batch: dl.Tensor) =>
        adam.minimize(
          () => dl.mean(dl.square(dl.matMul(batch as dl.Tensor2D, weights as dl.Tensor2D))).asScalar(),
          true,
        ),
      );
      const draws = Array.from({ length: 9 }, () => drawsOf(() => dl.tidy(() => void step(x))));
      const replays = draws.slice(4);
      expect(new Set(replays).size).toBe(1);
      expect(replays[0]).toBeLessThan(draws[0]!);
      expect(adam.iterations).toBe(9);
      step.dispose();
      adam.dispose();
      dl.dispose([weights, x]);
    });

    /** How often a run calls each function of the context. */
    const callsOf = (
      work: () => void,
      ...names: ('bindTexture' | 'framebufferTextureLayer' | 'drawArrays')[]
    ): number[] => {
      const own = names.map((name) => here().gl[name]);
      const spies = names.map((name) => spyOn(here().gl, name).and.callThrough());
      work();
      const counts = spies.map((spy) => spy.calls.count());
      names.forEach((name, i) => (here().gl[name] = own[i] as never));
      return counts;
    };

    it('find textures and framebuffers bound as the run before has left them', () => {
      const weights = dl.tidy(() => dl.variable(dl.ones([8, 8])));
      const adam = dl.train.adam(0.1);
      const x = dl.ones([4, 8]);
      const step = recorded((batch: dl.Tensor) =>
        adam.minimize(
          () => dl.mean(dl.square(dl.matMul(batch as dl.Tensor2D, weights as dl.Tensor2D))).asScalar(),
          true,
        ),
      );
      const run = (): void => dl.tidy(() => void step(x));
      for (let i = 0; i < 8; i++) run();
      const [binds, attached, draws] = callsOf(
        run,
        'bindTexture',
        'framebufferTextureLayer',
        'drawArrays',
      ) as [number, number, number];
      expect(attached).toBe(0);
      // Those of the variable and its two slots alone are others than in the run before.
      expect(binds).toBeLessThanOrEqual(4);
      expect(draws).toBeGreaterThan(3);
      step.dispose();
      adam.dispose();
      dl.dispose([weights, x]);
    });

    it('share shaders with single kernels and with other programs', async () => {
      const f = (a: dl.Tensor2D, b: dl.Tensor2D): dl.Tensor => dl.matMul(dl.matMul(a, b), a);
      const g = (a: dl.Tensor2D, b: dl.Tensor2D): dl.Tensor => dl.matMul(b, dl.matMul(b, a));
      const programs = [recorded(f), recorded(g)];
      const numbers = (first: number, last: number): dl.Tensor2D =>
        dl.tidy(() => dl.linspace(first, last, 64).reshape<dl.Rank.R2>([8, 8]));
      const [a, b] = [numbers(0, 1), numbers(1, 0)];
      const wanted = await Promise.all(
        [f, g].map(async (each) => {
          const found = dl.tidy(() => each(a, b));
          const values = await found.data();
          found.dispose();
          return values;
        }),
      );
      for (let i = 0; i < 6; i++) {
        for (const which of [0, 1]) {
          const found = dl.tidy(() => [programs[which]!(a, b), [f, g][which]!(a, b)]);
          for (const each of found) expect(await each.data()).toEqual(wanted[which]!);
          dl.dispose(found);
        }
      }
      for (const each of programs) each.dispose();
      dl.dispose([a, b]);
    });

    it('go on when the pool has deleted their textures, and keep no framebuffer of these', () => {
      const weights = dl.tidy(() => dl.variable(dl.ones([16, 8])));
      const adam = dl.train.adam(0.1);
      const step = recorded(() => adam.minimize(() => dl.mean(dl.square(weights)).asScalar(), true));
      const losses = Array.from({ length: 10 }, (_, i) => {
        if (i % 3 === 2) here().pool.trim(0);
        return dl.tidy(() => step()!.dataSync()[0]!);
      });
      for (const [i, loss] of losses.entries()) if (i > 0) expect(loss).toBeLessThan(losses[i - 1]!);
      const { gl, pool } = here();
      const made = spyOn(gl, 'createFramebuffer').and.callThrough();
      const deleted = spyOn(gl, 'deleteFramebuffer').and.callThrough();
      const shared = (weights.handle as { texture: { shared?: { framebuffer: WebGLFramebuffer } } }).texture
        .shared!;
      step.dispose();
      adam.dispose();
      weights.dispose();
      pool.trim(0);
      expect(deleted.calls.allArgs().flat()).toContain(shared.framebuffer);
      expect(made).not.toHaveBeenCalled();
    });

    it('free the textures between draws behind each run', () => {
      const program = recorded((x: dl.Tensor) => x.matMul(x.transpose()).softmax());
      const x = dl.ones([32, 16]);
      const bytes: number[] = [];
      for (let i = 0; i < 6; i++) {
        const { reservedBytes, pooledBytes } = here().memory();
        bytes.push(reservedBytes - pooledBytes);
        dl.tidy(() => void program(x));
      }
      expect(new Set(bytes.slice(1)).size).toBe(1);
      program.dispose();
      x.dispose();
    });
  });
}

import { Bindings } from './bindings';

describe('The bindings of a context', () => {
  let calls: string[] = [];
  let failing = '';
  const note =
    (name: string) =>
    (...args: unknown[]): void => {
      calls.push(name === 'bindTexture' ? `${name} ${String(args[1])}` : `${name} ${args.join(' ')}`);
      if (name === failing) throw new RangeError('Maximum call stack size exceeded');
    };
  const gl = {
    TEXTURE0: 0,
    BLEND: 'blend',
    ONE: 1,
    ...Object.fromEntries(
      ['activeTexture', 'bindTexture', 'viewport', 'blendFunc', 'enable', 'disable'].map((name) => [
        name,
        note(name),
      ]),
    ),
  } as unknown as WebGL2RenderingContext;
  const callsOf = (work: () => void): string[] => {
    calls = [];
    work();
    return calls;
  };

  it('are set where they differ', () => {
    const bindings = new Bindings(gl);
    const draw = (first: string, second: string, width: number): string[] =>
      callsOf(() => {
        bindings.setSize({ width, height: 2 });
        bindings.read(first, 0);
        bindings.read(second, 1);
        bindings.setBlending(false);
      });
    expect(draw('a', 'b', 1)).toEqual([
      'viewport 0 0 1 2',
      'activeTexture 0',
      'bindTexture a',
      'activeTexture 1',
      'bindTexture b',
    ]);
    expect(draw('a', 'b', 1)).toEqual([]);
    expect(draw('a', 'c', 3)).toEqual(['viewport 0 0 3 2', 'activeTexture 1', 'bindTexture c']);
  });

  it('know of the texture that is filled', () => {
    const bindings = new Bindings(gl);
    bindings.read('a', 0);
    bindings.read('b', 1);
    expect(callsOf(() => bindings.edit('c'))).toEqual(['activeTexture 0', 'bindTexture c']);
    // Whoever fills it must find its unit active.
    expect(callsOf(() => bindings.edit('c'))).toEqual(['activeTexture 0', 'bindTexture c']);
    expect(callsOf(() => bindings.read('a', 0))).toEqual(['activeTexture 0', 'bindTexture a']);
    expect(callsOf(() => bindings.read('b', 1))).toEqual([]);
  });

  it('are set again if a call has failed', () => {
    const bindings = new Bindings(gl);
    const set: Record<string, (value: number) => void> = {
      bindTexture: (value) => bindings.read(String(value), 0),
      activeTexture: (value) => bindings.read(String(value), 0),
      viewport: (value) => bindings.setSize({ width: value, height: 1 }),
      enable: (value) => bindings.setBlending(value > 1),
    };
    for (const [name, to] of Object.entries(set)) {
      to(1);
      failing = name;
      expect(() => to(2))
        .withContext(name)
        .toThrowError(RangeError);
      failing = '';
      expect(callsOf(() => to(1)))
        .withContext(name)
        .not.toEqual([]);
    }
  });
});

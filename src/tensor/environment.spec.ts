import * as dl from 'rxtensor/tensor';

describe('env', () => {
  it('turns debug mode on and off', () => {
    spyOn(console, 'log');
    expect(dl.env().getBool('DEBUG')).toBeFalse();
    dl.env().set('DEBUG', true);
    expect(dl.env().get('DEBUG')).toBeTrue();
    expect(() => dl.tidy(() => dl.log([-1]))).toThrowError(/log: the result of shape \[1\] contains NaN/);
    dl.env().set('DEBUG', false);
    expect(dl.env().get('DEBUG')).toBeFalse();
    dl.tidy(() => void dl.log([-1]));
  });

  it('tells where the program runs', () => {
    const isNode = typeof document === 'undefined';
    expect(dl.env().get('IS_NODE')).toBe(isNode);
    expect(dl.env().get('IS_BROWSER')).toBe(!isNode);
  });

  it('has options for backends, until those are used', () => {
    expect(dl.env().get('CPU_SIMD')).toBe('auto');
    expect(dl.env().getNumber('WEBGL_MAX_TEXTURE_SIZE')).toBe(Infinity);
    expect(dl.env().get('WEBGL_POOL_BYTES')).toBe('auto');
    dl.tidy(() => void dl.ones([1]));
    const set = (): void => {
      if (dl.getBackend() === 'cpu') dl.env().set('CPU_SIMD', 'none');
      else dl.env().set('WEBGL_MAX_TEXTURE_SIZE', 64);
    };
    expect(set).toThrowError(
      /^env\(\)\.set: argument 'name' is '(CPU_SIMD|WEBGL_MAX_TEXTURE_SIZE)', which is read when the backend '(cpu|webgl)' is first used/,
    );
    expect(dl.env().get('CPU_SIMD')).toBe('auto');
  });

  it('names what is wrong', () => {
    expect(() => dl.env().get('WEBGL_PACK' as never)).toThrowError(
      /^env\(\)\.get: argument 'name' is 'WEBGL_PACK'; wanted 'DEBUG', /,
    );
    expect(() => dl.env().getBool('CPU_SIMD' as never)).toThrowError(
      "env().getBool: argument 'name' is 'CPU_SIMD'; wanted 'DEBUG', 'IS_BROWSER' or 'IS_NODE'",
    );
    expect(() => dl.env().getNumber('DEBUG' as never)).toThrowError(/wanted 'WEBGL_MAX_TEXTURE_SIZE'$/);
    expect(() => dl.env().set('toString' as never, 1 as never)).toThrowError(
      /argument 'name' is 'toString'; wanted/,
    );
    expect(() => dl.env().set('IS_NODE', true)).toThrowError(/'IS_NODE', which cannot be set/);
    expect(() => dl.env().set('DEBUG', 1 as never)).toThrowError(
      "env().set: argument 'value' is 1; wanted a boolean, for 'DEBUG'",
    );
    expect(() => dl.env().set('CPU_SIMD', 'fast' as never)).toThrowError(
      /argument 'value' is 'fast'; wanted one of auto, .*, for 'CPU_SIMD'/,
    );
    expect(() => dl.env().set('WEBGL_POOL_BYTES', -1)).toThrowError(
      /wanted a number of at least 0, or 'auto', for 'WEBGL_POOL_BYTES'/,
    );
    expect(() => dl.env().set('WEBGL_MAX_TEXTURE_SIZE', 0)).toThrowError(/wanted a number of at least 1/);
  });
});

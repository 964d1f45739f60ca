import { planUnits } from './texture-units';

describe('the plan of texture units', () => {
  it('gives what stays bound a unit of its own, behind those of single kernels', () => {
    const places = [
      [0, 2],
      [2, 3],
      [3, 0],
    ];
    expect(planUnits(places, 1, 16, 16)).toEqual([
      [18, 16],
      [16, 17],
      [17, 18],
    ]);
  });

  it('gives none to a texture of the caller that one draw reads', () => {
    expect(planUnits([[0, 1], [2]], 2, 16, 16)).toEqual([[0, 1], [16]]);
  });

  it('gives those that are read most often the units that there are', () => {
    expect(planUnits([[0, 1], [2, 1], [1]], 0, 16, 1)).toEqual([[0, 16], [0, 16], [16]]);
    expect(planUnits([[0, 1], [1]], 0, 16, 0)).toEqual([[0, 1], [0]]);
  });

  it('gives a texture one unit however often a draw reads it', () => {
    expect(planUnits([[0, 0]], 0, 32, 32)).toEqual([[32, 32]]);
  });
});

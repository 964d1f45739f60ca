import { unaryFunctions } from '../../unary-functions';
import { definitionsIn } from './chain-shader';

describe('definitionsIn', () => {
  it('finds each function of a text once', () => {
    const { glslFunctions } = unaryFunctions.elu;
    const found = definitionsIn(glslFunctions!);
    expect(found.map((text) => /^float (\w+)\(/.exec(text)?.[1])).toEqual(['expm1_', 'elu_']);
    expect(found[0]).toBe(definitionsIn(unaryFunctions.selu.glslFunctions!)[0]);
    expect(definitionsIn('')).toEqual([]);
  });
});

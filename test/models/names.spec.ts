// docs/from-tensorflow.md lists every name of TensorFlow.js that rxtensor lacks, and no other.
import { lackingNames } from '../../scripts/lacking-names.js';
import { installModels } from './packages';
import { ownNames, tensorFlowNames } from './tensorflow-names';

describe('The names of TensorFlow.js that rxtensor lacks', () => {
  it('are those in docs/from-tensorflow.md', async () => {
    installModels();
    const own = await ownNames();
    const isLacking = (name: string): boolean => !own.has(name);
    // A group or a class that is not there stands for all that is in it.
    const lacking = [...tensorFlowNames()].filter(
      (name) => isLacking(name) && !(name.includes('.') && isLacking(name.slice(0, name.lastIndexOf('.')))),
    );
    const listed = lackingNames().flatMap(({ names }) => names);
    const endings = listed.filter((name) => name.startsWith('*')).map((name) => name.slice(1));
    const isListed = (name: string): boolean =>
      listed.includes(name) || endings.some((ending) => name.endsWith(ending));
    expect(lacking.length).toBeGreaterThan(400);
    expect(lacking.filter((name) => !isListed(name)))
      .withContext('lacking, and not in the table')
      .toEqual([]);
    expect(listed.filter((name) => !name.startsWith('*') && !lacking.includes(name)))
      .withContext('in the table, and not lacking')
      .toEqual([]);
    expect(listed.filter((name, i) => listed.indexOf(name) !== i))
      .withContext('listed twice')
      .toEqual([]);
  });
});

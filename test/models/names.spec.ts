// docs/from-tensorflow.md lists every name of TensorFlow.js that rxtensor lacks, and no other.
import { lackingNames } from '../../scripts/lacking-names.js';
import { installModels } from './packages';
import { ownNames, tensorFlowNames } from './tensorflow-names';

describe('The names of TensorFlow.js that rxtensor lacks', () => {
  it('are those in docs/from-tensorflow.md', async () => {
    installModels();
    const own = await ownNames();
    const lacking = [...tensorFlowNames()].filter((name) => !own.has(name));
    const listed = lackingNames().flatMap(({ names }) => names);
    const groups = listed.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
    const isListed = (name: string): boolean =>
      listed.includes(name) || groups.some((group) => name === group || name.startsWith(`${group}.`));
    expect(lacking.length).toBeGreaterThan(100);
    expect(lacking.filter((name) => !isListed(name)))
      .withContext('lacking, and not in the table')
      .toEqual([]);
    // A name that has come is taken out of the table; of a group that is listed as a whole nothing is there.
    expect(listed.filter((name) => !name.endsWith('.*') && !lacking.includes(name)))
      .withContext('in the table, and not lacking')
      .toEqual([]);
    expect(groups.filter((group) => [...own].some((name) => name.startsWith(`${group}.`))))
      .withContext('groups that are not lacking as a whole')
      .toEqual([]);
    expect(listed.filter((name, i) => listed.indexOf(name) !== i)).withContext('listed twice').toEqual([]);
  });
});

/** Which stored weight is which weight of a layer. The versions of Keras and its converters name them otherwise. */
import { shortened } from '../../tensor/argument';
import type { DescribedWeight } from './layer';

const MOST_NAMED = 5;

/** Segments that some versions put between a layer and its weights. */
const CELL = /^(lstm_cell|gru_cell|simple_rnn_cell|cell)(_\d+)?$/;

/** The name without what versions add. */
function plainName(stored: string): string {
  return stored
    .replace(/:\d+$/, '')
    .split('/')
    .filter((segment, i, all) => i === 0 || i === all.length - 1 || !CELL.test(segment))
    .join('/');
}

/** The ends of a name, the longest first. */
function endsOf(name: string): string[] {
  const segments = name.split('/');
  return segments.map((_, i) => segments.slice(i).join('/'));
}

/** The names by which a weight may be stored: the longest first, without the models around it, with older names, and by number (Keras 3). */
function namesOf({ path, layer, name, aliases = [], index }: DescribedWeight): string[] {
  const own = [path, ...aliases.map((alias) => path.slice(0, path.length - name.length) + alias)];
  const numbered = endsOf(layer).map((end) => `${end}/vars/${index}`);
  // One segment is the layer's own name at least.
  return [
    ...own.flatMap((each) => endsOf(each).filter((end) => end.split('/').length > name.split('/').length)),
    ...numbered,
  ];
}

/**
 * The stored names by the paths of weights.
 *
 * @throws naming the weights that are not stored, and those that no layer has
 */
export function matchWeights(
  operator: string,
  described: readonly DescribedWeight[],
  stored: Iterable<string>,
): ReadonlyMap<string, string> {
  const names = [...stored];
  const byName = new Map<string, string>();
  const byEnd = new Map<string, string[]>();
  for (const name of names) {
    const plain = plainName(name);
    byName.set(plain, name);
    // A container's name may stand in front.
    for (const end of endsOf(plain).slice(1)) byEnd.set(end, [...(byEnd.get(end) ?? []), name]);
  }
  const used = new Set<string>();
  const found = new Map<string, string>();
  const take = (path: string, name: string | undefined): boolean => {
    if (name === undefined || used.has(name)) return false;
    used.add(name);
    found.set(path, name);
    return true;
  };
  // Whole names first, so that what is left for ends is unambiguous.
  for (const weight of described) namesOf(weight).some((name) => take(weight.path, byName.get(name)));
  for (const weight of described) {
    if (found.has(weight.path)) continue;
    namesOf(weight).some((name) => {
      const open = (byEnd.get(name) ?? []).filter((each) => !used.has(each));
      return open.length === 1 && take(weight.path, open[0]);
    });
  }
  const missing = described.filter(({ path }) => !found.has(path)).map(({ path }) => path);
  const unused = names.filter((name) => !used.has(name));
  if (missing.length === 0 && unused.length === 0) return found;
  throw new Error(
    `${operator}: ${[says('are not in the files', missing), says('belong to no layer', unused)].filter(Boolean).join('; ')}; wanted one for each weight of the layers`,
  );
}

function says(what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, MOST_NAMED).map((name) => `'${shortened(name)}'`);
  return `${names.length} weights ${what}: ${shown.join(', ')}${names.length > MOST_NAMED ? ', …' : ''}`;
}

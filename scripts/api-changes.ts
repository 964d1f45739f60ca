// Compares two API reports (etc/*.api.md): what a release took away, changed and added, and what semantic versioning makes of it.
// https://semver.org: an incompatible change is a major version, an addition a minor one. Before 1.0.0, both are one place lower.

export interface ApiChanges {
  readonly removed: readonly string[];
  /** Declared otherwise than before, in a way that may break a program. */
  readonly changed: readonly string[];
  readonly added: readonly string[];
}

export type Bump = 'major' | 'minor' | 'patch';

/** The declarations that a report lists, by their names. Overloads of a function are several declarations of one name. */
export function declarationsIn(report: string): Map<string, string[]> {
  const declarations = new Map<string, string[]>();
  for (const block of report.split(/\n\n(?=\/\/ |export )/)) {
    const lines = block.split('\n').filter((line) => !/^\s*\/\/|^```|^\s*$/.test(line));
    const [, name] =
      /^export (?:declare |default |abstract )*(?:function|const|let|class|interface|type|enum|namespace) ([\w$]+)/.exec(
        lines[0] ?? '',
      ) ?? [];
    if (name === undefined) continue;
    declarations.set(name, [...(declarations.get(name) ?? []), lines.join('\n')]);
  }
  return declarations;
}

export function changesBetween(before: string, now: string): ApiChanges {
  const old = declarationsIn(before);
  const current = declarationsIn(now);
  const removed: string[] = [];
  const changed: string[] = [];
  const added: string[] = [];
  for (const [name, declarations] of old) {
    const after = current.get(name);
    if (after === undefined) removed.push(name);
    else if (!declarations.every((declaration) => after.some((each) => takesTheSame(declaration, each))))
      changed.push(name);
    else if (declarations.join('\n') !== after.join('\n')) added.push(name);
  }
  for (const name of current.keys()) if (!old.has(name)) added.push(name);
  return { removed, changed, added };
}

/**
 * Whether every program that was right under the old declaration is right under the new one, as far as the text says it: all old lines
 * are there, in their order, and a line that came is an optional member of an interface, or a member of a class.
 */
function takesTheSame(before: string, now: string): boolean {
  const old = before.split('\n');
  const isClass = /^export (?:declare |abstract )*class /.test(before);
  let place = 0;
  for (const line of now.split('\n')) {
    if (line === old[place]) place++;
    else if (!/^ {4}\S/.test(line) || !(isClass || /^ +(?:readonly )?[\w$]+\?[:(]/.test(line))) return false;
  }
  return place === old.length;
}

/**
 * The least step of a version that these changes allow.
 *
 * @param isExperimental its API may change with each minor version
 * @param isBeforeOne whether the last version is 0.x
 */
export function leastBump(changes: ApiChanges, isExperimental: boolean, isBeforeOne: boolean): Bump {
  const breaks = changes.removed.length + changes.changed.length > 0;
  const steps: readonly Bump[] = ['patch', 'minor', 'major'];
  const step = breaks && !isExperimental ? 2 : breaks || changes.added.length > 0 ? 1 : 0;
  return steps[isBeforeOne && step > 0 ? step - 1 : step]!;
}

/**
 * A pattern for the full names of the specs of one part of several: those whose length leaves a certain rest. So the parts are about as long, a spec
 * stays in its part, and all parts together are the suite.
 *
 * @param {string} part such as '1/2': the first of two
 */
export function patternOfPart(part) {
  const [, place, parts] = /^([1-9]\d?)\/([1-9]\d?)$/.exec(part) ?? [];
  if (place === undefined || Number(place) > Number(parts))
    throw new Error(`--part is '${part}'; wanted a part of several, such as 1/2`);
  return `^[^]{${Number(place) - 1}}([^]{${parts}})*$`;
}

import * as dl from 'rxtensor';
import { recorded } from 'rxtensor/programs';
import type { Prepared } from '../cases/case';
import type { Library, Tensor } from '../library';
import type { ProgramCase, Work } from './case';

/** Calls whose results are compared: two are recorded, the others replay. */
const COMPARED_CALLS = 4;

/** The work as a peer does it: in a scope, which frees what it makes. */
function once(lib: Library, { f, args }: Work): void {
  lib.tidy(() => {
    f(...args);
  });
}

/** The results of the first calls. */
function firstResults(lib: Library, { f, args }: Work): number[] {
  const found: number[] = [];
  for (let call = 0; call < COMPARED_CALLS; call++) {
    lib.tidy(() => {
      for (const result of [f(...args)].flat()) for (const value of result.dataSync()) found.push(value);
    });
  }
  return found;
}

const ours = dl as unknown as Library;

/** Calls before a recorded function runs as it will from then on: two are recorded, in two more chains run as their steps, in one they are compiled. */
const FIRST_CALLS = 5;

/** Our work with its function recorded. */
export function replayed(work: Work): Work {
  return { ...work, f: recorded(work.f as (...args: Tensor[]) => Tensor[]) };
}

let tags = 0;

/** The same work, made anew: variables have names that are used once. */
export function fresh(c: ProgramCase, lib: Library = ours): Work {
  return c.prepare(lib, `programs/${tags++}`);
}

/** A case as a library without programs runs it. */
export function plain(c: ProgramCase, lib: Library): Prepared {
  const work = fresh(c, lib);
  return { run: () => once(lib, work), check: () => firstResults(lib, fresh(c, lib)) };
}

/** Ours recorded and unrecorded, on the same variables: where they lie in memory makes a difference of its own. */
export function bothWays(c: ProgramCase): { readonly recorded: Prepared; readonly unrecorded: Prepared } {
  const work = fresh(c);
  const program = replayed(work);
  for (let call = 0; call < FIRST_CALLS; call++) once(ours, program);
  return {
    recorded: {
      run: () => once(ours, program),
      check: () => firstResults(ours, replayed(fresh(c))),
    },
    unrecorded: { run: () => once(ours, work), check: () => firstResults(ours, fresh(c)) },
  };
}

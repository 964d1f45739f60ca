import { Applicants } from './applicants';

describe('Applicants', () => {
  let now = 0;
  let applicants: Applicants;
  beforeEach(() => {
    now = 0;
    applicants = new Applicants(100, () => now);
  });

  it('are waited for when they can join at the present step, or skip batches towards it', () => {
    expect(applicants.isAnyoneFor(5)).toBeFalse();
    applicants.note(5);
    expect([4, 5, 6].map((step) => applicants.isAnyoneFor(step))).toEqual([false, true, true]);
    now = 100;
    expect(applicants.isAnyoneFor(5)).toBeFalse();
  });

  it('at the earliest step count, until they have not asked for long', () => {
    applicants.note(5);
    applicants.note(9);
    expect(applicants.isAnyoneFor(5)).toBeTrue();
    now = 150;
    applicants.note(9);
    expect([5, 9].map((step) => applicants.isAnyoneFor(step))).toEqual([false, true]);
    applicants.forget();
    expect(applicants.isAnyoneFor(9)).toBeFalse();
  });
});

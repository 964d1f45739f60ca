import { dates, transformRow } from 'rxtensor/data';

// In Node, where the zone of the program can be changed.
describe('The step dates', () => {
  it('takes dates without a zone for universal time, and bare numbers for no dates', () => {
    const before = process.env.TZ;
    try {
      const known: readonly [string, number][] = [
        ['Jan 5 2026 10:00 PST', 18],
        ['Mon, 05 Jan 2026 10:00:00 +0130', 8.5],
        ['Mon Jan 05 2026 10:00:00 GMT+0100 (Central European Standard Time)', 9],
        ['2026-01-05 10:00:00+01', 9],
        ['2026-01-05 10:00:00-0130', 11.5],
        ['2026-01-05 10:00:00 UTC', 10],
        ['2026-01-05 10:30:00,123', 10.5],
        ['1/5/2026 6:00 PM', 18],
        ['2026/01/05 18:00:00.5', 18],
        ['5 January 2026', 0],
      ];
      for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata']) {
        process.env.TZ = zone;
        for (const at of [
          '2026-01-05 22:00:00',
          '2026-01-05T22:00',
          '2026-01-05T22:00:00.000Z',
          'Jan 5 2026 22:00',
        ])
          expect(transformRow([dates('at', ['hour', 'day'])], { at }))
            .withContext(`${at} in ${zone}`)
            .toEqual({ 'at.hour': 22, 'at.day': 5 });
        for (const [at, hour] of known)
          expect(transformRow([dates('at', ['hour', 'day'])], { at }))
            .withContext(`${at} in ${zone}`)
            .toEqual({ 'at.hour': hour, 'at.day': 5 });
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
    for (const at of [
      '5',
      '2026-02-30',
      '2026-02-30 10:00',
      '02/30/2026',
      '31 Apr 2026 04:00',
      'hello 5',
      'Item 12',
      '05.01.2026',
      '1/5/26',
    ])
      expect(() => transformRow([dates('at', ['day'])], { at }))
        .withContext(at)
        .toThrowError(
          `dates: the column 'at' has "${at}"; wanted a date as 2026-01-31T12:00:00Z, or seconds since 1970`,
        );
    expect(() => transformRow([dates('at', ['day'])], { at: '5' })).toThrowError(/the column 'at' has "5"/);
  });
});

import { dates, transformRow } from 'rxtensor/data';

// In Node, where the zone of the program can be changed.
describe('The step dates', () => {
  it('takes dates without a zone for universal time, and bare numbers for no dates', () => {
    const before = process.env.TZ;
    try {
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
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
    expect(() => transformRow([dates('at', ['day'])], { at: '5' })).toThrowError(/the column 'at' has "5"/);
  });
});

import { ProgramDraft } from '../../../test/support/programs';
import { printProgram } from './print';

describe('printProgram', () => {
  it('shows what goes in and out, steps, chains and bytes', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([2, 3]);
    const variable = draft.captured([3]);
    const doubled = draft.binary('mul', variable, draft.scalar(2));
    const y = draft.unary('relu', draft.binary('add', x, doubled));
    const sum = draft.step('reduce', { name: 'sum', outer: 2, extent: 3, inner: 1 }, [y], [2]);
    const program = draft.program([sum], [{ captured: 0, slot: doubled.slot }]);
    expect(printProgram(program)).toBe(
      [
        'in:',
        '  %0: float32 × 6, 24 bytes, argument 0',
        '  %1: float32 × 3, 12 bytes, captured 0',
        '  %2: float32 × 1, 4 bytes, constant 2',
        'each run:',
        '  %3[3] = binary mul(%1[3], %2[])',
        '  %5[2, 3] = chain of 2 steps(%0[2, 3], %3[3])',
        '      %4[2, 3] = binary add(%0[2, 3], %3[3])',
        '      %5[2, 3] = unary relu(%4[2, 3]) p=0 q=0',
        '  %6[2] = reduce sum(%5[2, 3]) outer=2 extent=3 inner=1',
        'out:',
        '  %6[2]',
        'new values:',
        '  captured 0 = %3',
        'memory between steps: 32 bytes, where each value alone would take 24 bytes',
      ].join('\n'),
    );
  });
});

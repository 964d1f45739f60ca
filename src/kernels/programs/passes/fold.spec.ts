import { ProgramDraft, bitsOf, runPrepared, runStepByStep } from '../../../../test/support/programs';
import { activeBackend } from '../../active-backend';
import { expectClose } from '../../../../test/support/close';
import { fold } from './fold';

describe('fold', () => {
  it('takes steps of constants once, and others in each run', () => {
    const draft = new ProgramDraft();
    const x = draft.argument([2]);
    const variable = draft.captured([2]);
    const weights = draft.captured([2], 'float32', true);
    const constant = draft.unary('exp', draft.constant([2], Float32Array.of(0, 1)));
    const ofWeights = draft.binary('mul', draft.unary('square', weights), constant);
    const ofVariable = draft.binary('mul', draft.unary('square', variable), constant);
    const zeros = draft.step('fill', { value: 0 }, [], [2]);
    const many = draft.step('fill', { value: 0 }, [], [100_000]);
    const kept = draft.unary('neg', constant);
    const sum = [ofWeights, ofVariable, zeros].reduce((a, b) => draft.binary('add', a, b), x);
    const program = draft.program([sum, kept, draft.unary('neg', many)]);
    const { once, tasks } = fold(program);
    expect(once.map(({ outputs }) => outputs[0]!.slot)).toEqual(
      program.steps.filter((_, i) => [0, 1, 2, 5].includes(i)).map(({ outputs }) => outputs[0]!.slot),
    );
    expect(once.length + tasks.length).toBe(program.steps.length);

    const values = {
      arguments: [Float32Array.of(3, -4)],
      captured: [Float32Array.of(0.5, 7), Float32Array.of(2, 0.25)],
    };
    const backend = activeBackend();
    const wanted = runStepByStep(backend, program, values);
    for (const found of runPrepared(backend, program, values, 3))
      found.forEach((own, i) => {
        if (backend.name === 'cpu') expect(bitsOf(own)).toEqual(bitsOf(wanted[i]!));
        else expectClose(own, [...wanted[i]!]);
      });
  });
});

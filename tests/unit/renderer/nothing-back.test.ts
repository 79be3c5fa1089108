import { describe, expect, it } from 'vitest';
import { nothingBack } from '../../../renderer/wizard/nothing-back.js';
import type { ThreeWay } from '../../../src/core/run/undo.js';
import { translator } from '../../../src/text/index.js';

const t = translator('en');
const lab = 'b1e0a7c2-5f0d-4c1e-9a54-2d6b8f3e7c42';
const row = (verdict: ThreeWay['verdict']): ThreeWay => ({
  vm: lab,
  name: 'lab',
  path: `${lab}/nesting`,
  found: false,
  wrote: true,
  now: verdict === 'unknown' ? undefined : false,
  verdict,
});

describe('a undo that has nothing to do', () => {
  it('says that all is as before only where it was read', () => {
    expect(
      nothingBack(
        t,
        [row('already-so'), row('gone')],
        () => false,
        () => false,
      ),
    ).toMatchObject({
      verdict: 'ok',
      words: t('wizard.undoAlreadyTitle'),
    });
    expect(
      nothingBack(
        t,
        [row('already-so'), row('unknown')],
        () => false,
        () => false,
      ),
    ).toMatchObject({
      verdict: 'unknown',
      words: t('wizard.undoUnreadTitle'),
      inside: undefined,
    });
  });

  it('leads into the machine whose inside was not read', () => {
    const { inside, lead } = nothingBack(
      t,
      [row('unknown')],
      (at) => at.join() === lab,
      () => false,
    );
    expect(inside).toEqual({ at: [lab], name: 'lab' });
    expect(lead).toContain('lab');
  });

  it('names the VM that is off: signing in to it is of no use yet', () => {
    const { inside, off, lead } = nothingBack(
      t,
      [row('already-so'), row('unknown')],
      () => true,
      ({ vm }) => vm === lab,
    );
    expect(inside).toBeUndefined();
    expect(off).toMatchObject({ vm: lab, name: 'lab' });
    expect(lead).toBe(t('wizard.undoUnreadOff', { name: 'lab' }));
  });

  it('calls what cannot go back by its name, not as before', () => {
    for (const verdict of ['gone', 'one-way', 'somebody-else'] as const)
      expect(
        nothingBack(
          t,
          [row(verdict)],
          () => false,
          () => false,
        ).words,
      ).toBe(t('wizard.undoNoneTitle'));
  });
});

import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { nothingBack } from '../../../renderer/wizard/nothing-back.js';
import type { ThreeWay } from '../../../src/core/run/undo.js';
import { translator } from '../../../src/text/index.js';

const t = translator('en');
const lab = 'b1e0a7c2-5f0d-4c1e-9a54-2d6b8f3e7c42';
const nested = '7f3c9e51-0b6a-4d2e-8c17-1a5d9b2f4e60';
const row = (verdict: ThreeWay['verdict'], path: ThreeWay['path'] = `${lab}/nesting`): ThreeWay => ({
  vm: vmIn(thisPc, lab),
  name: 'lab',
  path,
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
        undefined,
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
        undefined,
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
      [row('unknown', `${lab}/roles/hyper-v`)],
      undefined,
      (at) => at === vmIn(thisPc, lab),
      () => false,
    );
    expect(inside).toEqual({ at: vmIn(thisPc, lab), name: 'lab' });
    expect(lead).toContain('lab');
  });

  it('names the VM that is off: signing in to it is of no use yet', () => {
    const { inside, off, lead } = nothingBack(
      t,
      [row('already-so'), row('unknown', `${lab}/made/nat/hypernest`)],
      undefined,
      () => true,
      ({ vm }) => vm === vmIn(thisPc, lab),
    );
    expect(inside).toBeUndefined();
    expect(off).toMatchObject({ vm: vmIn(thisPc, lab), name: 'lab' });
    expect(lead).toBe(t('wizard.undoUnreadOff', { name: 'lab' }));
  });

  it('asks nobody to start or to enter a VM for a value that is read from outside', () => {
    const from = (path: ThreeWay['path']) =>
      nothingBack(
        t,
        [row('unknown', path)],
        undefined,
        () => true,
        () => true,
      );
    const outside = from(`${lab}/nesting`);
    expect([outside.off, outside.inside]).toEqual([undefined, undefined]);
    expect(outside.lead).toBe(t('wizard.undoUnreadLead'));
    expect(from(`${lab}/${nested}/nesting`).off).toMatchObject({ vm: vmIn(thisPc, lab) });
  });

  it('calls what cannot go back by its name, not as before', () => {
    for (const verdict of ['gone', 'one-way', 'somebody-else'] as const)
      expect(
        nothingBack(
          t,
          [row(verdict)],
          undefined,
          () => false,
          () => false,
        ).words,
      ).toBe(t('wizard.undoNoneTitle'));
  });

  it('is asked for a VM where none is ticked, and looks at those alone that are', () => {
    const noneOff = (): boolean => false;
    const rows = [row('already-so'), { ...row('unknown'), vm: vmIn(thisPc, 'other') }];
    expect(nothingBack(t, rows, new Set(), noneOff, noneOff)).toMatchObject({
      verdict: 'advice',
      lead: t('wizard.undoNoVm'),
    });
    expect(nothingBack(t, rows, new Set([vmIn(thisPc, lab)]), noneOff, noneOff)).toMatchObject({ verdict: 'ok' });
  });
});

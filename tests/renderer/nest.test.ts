/** The drawing of a VM on its PC: it shows no VM inside that nobody has seen. */
import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Vm } from '../../src/core/machine/machine.js';
import Nest from '../../renderer/ui/Nest.svelte';
import { translator } from '../../src/text/index.js';
import { vm } from '../unit/renderer/vms.js';

const t = translator('en');

/** What the boxes of it say, the PC's first. */
function boxes(but: Partial<Vm>): readonly string[] {
  const dev = vm('dev-box', { state: 'Running', nesting: true, ...but });
  render(Nest, { pc: 'DESK', processor: 'Core i7', extensions: 'VT-x', vm: dev, nested: dev.nested });
  return Array.from(screen.getByRole('img').querySelectorAll('.nm b, .core'), (box) => box.textContent.trim());
}
const web = { name: 'web', state: 'Running' } as const;
const old = { name: 'old', state: 'Off' } as const;

describe('the drawing of a VM', () => {
  it.each<[string, Partial<Vm>, readonly string[]]>([
    [
      'a hypervisor was seen, and nobody has looked for VMs',
      { inside: 'certainly', nested: null },
      [t('machines.nestHypervisor'), t('machines.nestUnseen')],
    ],
    [
      'a hypervisor was seen, and none of its VMs runs',
      { inside: 'certainly', nested: [old] },
      [t('machines.nestHypervisor'), t('machines.nestUnseen')],
    ],
    [
      'a hypervisor is likely',
      { inside: 'probably', nested: null },
      [t('machines.nestHypervisorProbably'), t('machines.nestUnseen')],
    ],
    ['its VMs were seen: those that run', { inside: 'certainly', nested: [old, web] }, ['web']],
    ['none runs any more', { inside: 'no', nested: [web] }, [t('machines.nestYours'), t('machines.nestMay')]],
    [
      'nesting is off',
      { nesting: false, inside: 'no', nested: null },
      [t('machines.nestYours'), t('machines.nestAfter')],
    ],
    [
      'nesting could not be read',
      { nesting: undefined, inside: 'unknown', nested: null },
      [t('machines.nestYours'), t('machines.nestUnknown')],
    ],
  ])('when %s', (_, but, inside) => {
    expect(boxes(but)).toEqual(['DESK', 'dev-box', ...inside]);
  });
});

/** What stands above the rows of a section. */
import { isFine, isListed, standOf } from '../hosts/pcs.js';
import { app, t } from '../state/app.svelte.js';
import type { Head, PlacedSection } from '../state/list.js';
import type { PcState } from '../state/pc-state.svelte.js';
import { shown } from '../../src/text/index.js';

/** The PC whose VMs these are, in the list of all. */
export const pcOfHead = (head: Head): PcState | undefined => (typeof head === 'string' ? undefined : app.pc(head.pc));

/** In one line, as a screen reader says it. */
export function headWords({ head, count }: Pick<PlacedSection, 'head' | 'count'>): string {
  if (typeof head === 'string')
    return t('machines.group', { name: t(head === 'running' ? 'machines.running' : 'machines.notRunning'), count });
  const name = app.nameOf(head.pc);
  const pc = pcOfHead(head);
  const title = !pc || isListed(pc) ? t('machines.group', { name, count }) : shown(name);
  return !pc || isFine(pc) ? title : `${title}${t('machines.comma')}${standOf(pc, t).words}`;
}
